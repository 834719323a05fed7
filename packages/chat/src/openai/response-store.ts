import type { MessageParam } from '@enjamb/core'
import type { Reply } from '../reply.ts'
import { toMessages } from '../to-messages.ts'
import { OpenAIError, refuse } from './openai-error.ts'
import { type Fields, textOf } from './read/check-fields.ts'

/** What a response goes on from: plain JSON. */
export interface StoredResponse {
  /** What the system said before the conversation, without `instructions`, which are of one request. */
  readonly system?: string | undefined
  /** With the answer at its end. */
  readonly messages: readonly MessageParam[]
}

/**
 * Keeps responses, for requests that go on from one by its id (`previous_response_id`). Whose a response is, is the store's
 * to know: both are given the request, so that nobody goes on with what another has said.
 */
export interface ResponseStore {
  /** @returns `undefined` where there is none, or none of the one who asks */
  load(id: string, request: Request): StoredResponse | undefined | Promise<StoredResponse | undefined>
  /** Called before the client hears that the response is complete; where it fails, the response does. */
  save(id: string, response: StoredResponse, request: Request): unknown
}

/** @throws {OpenAIError} there is no store, or no such response in it */
export async function loadPrevious(
  store: ResponseStore | undefined,
  { previous_response_id: given }: Fields,
  request: Request,
): Promise<StoredResponse | undefined> {
  const param = 'previous_response_id'
  if (given === null || given === undefined) return undefined
  if (!store) refuse(param, 'must be left out: this server keeps no responses. Send their items in input.')
  const id = textOf(given, param)
  const found = await store.load(id, request)
  if (found) return found
  throw new OpenAIError(`Previous response with id '${id}' not found.`, { param, code: 'previous_response_not_found' })
}

/** The id of a response, by that of the message that answered it. */
export function responseId(messageId: string): string {
  return `resp_${messageId.replace(/^msg_/, '')}`
}

/** Unless the request says that it is not to be kept. */
export async function saveResponse(
  store: ResponseStore | undefined,
  { store: wish }: Fields,
  system: string | undefined,
  reply: Reply,
  request: Request,
): Promise<void> {
  if (!store || wish === false) return
  await store.save(responseId(reply.id), { ...(system && { system }), messages: toMessages(reply) }, request)
}
