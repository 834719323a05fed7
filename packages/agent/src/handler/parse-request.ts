import type { UserMessageParam } from '@enjamb/core'
import type { Decision, SendOptions } from '../session/session.ts'
import { Refusal } from './refusal.ts'

/** A prompt as it is sent. */
export interface PromptRequest {
  prompt: UserMessageParam['content']
  id: string
  when: SendOptions['when']
}

/** A decision as it is sent. */
export interface DecisionRequest extends Omit<Decision, 'by'> {
  /** Of the call. */
  id: string
}

type Body = Record<string, unknown>

/** The blocks that a person may send. What calls come to is for `decide`. */
const blocks = ['text', 'image', 'document']

const isString = (value: unknown) => typeof value === 'string'
const isBoolean = (value: unknown) => typeof value === 'boolean'
const isKey = (value: unknown) => isString(value) && /^[\x20-\x7e]{1,200}$/.test(value as string)
const isContent = (value: unknown) =>
  isString(value) || (Array.isArray(value) && value.every((block) => blocks.includes(Object(block).type)))

/** @throws {Refusal} it is none */
export function parsePrompt(body: Body): PromptRequest {
  check(body, {
    prompt: [
      (value) => isContent(value) && (value as string).length > 0,
      `a text, or blocks of ${blocks.join(', ')}`,
      true,
    ],
    id: [isKey, 'up to 200 printable characters'],
    when: [(value) => value === 'now' || value === 'next', 'now or next'],
  })
  const { prompt, id = crypto.randomUUID(), when } = body as unknown as PromptRequest
  return { prompt, id, when }
}

/** @throws {Refusal} it is none */
export function parseDecision(body: Body): DecisionRequest {
  check(body, {
    id: [isString, 'the id of a call that waits', true],
    allow: [isBoolean, 'true or false'],
    input: [() => true, ''],
    reason: [isString, 'a text'],
    always: [isBoolean, 'true or false'],
    content: [isContent, `a text, or blocks of ${blocks.join(', ')}`],
    hash: [isString, 'the hash of what was shown'],
  })
  const { id, allow, input, reason, always, content, hash } = body as unknown as DecisionRequest
  return { id, allow, input, reason, always, content, hash }
}

/** @throws {Refusal} it is none */
export function parseInterrupt(body: Body): string | undefined {
  check(body, { reason: [isString, 'a text'] })
  return body.reason as string | undefined
}

type Fields = Record<string, [isRight: (value: unknown) => boolean, what: string, isNeeded?: true]>

function check(body: Body, fields: Fields): void {
  for (const name of Object.keys(body)) {
    if (Object.hasOwn(fields, name)) continue
    throw bad(`There is no field ${JSON.stringify(name.slice(0, 100))}: there are ${Object.keys(fields).join(', ')}.`)
  }
  for (const [name, [isRight, what, isNeeded]] of Object.entries(fields)) {
    const value = body[name]
    if (value === undefined ? isNeeded : !isRight(value)) throw bad(`${name} must be ${what}.`)
  }
}

function bad(message: string): Refusal {
  return new Refusal(400, 'bad_request', message)
}
