import type { MessageParam } from '@enjamb/core'
import type { ChatOptions } from '../../request/chat-options.ts'
import { refuse } from '../openai-error.ts'
import type { Fields } from './check-fields.ts'

/** What a request asks, whichever of OpenAI's interfaces it came by. */
export interface Asked {
  /** As the request has it. */
  model: string
  messages: MessageParam[]
  options: ChatOptions
  stream: boolean
  /** Whether a stream ends with the usage. */
  includeUsage: boolean
  body: Fields
  /** What the system says before the conversation, without what is of this request alone. */
  system?: string
  /** Whether the answer has to be a JSON object. */
  isJSON?: boolean
}

/** A call of a tool, as the history has it: what is no JSON goes back in the form that the API takes. */
export function toInput(json: string): object {
  try {
    const value: unknown = JSON.parse(json || '{}')
    if (typeof value === 'object' && value && !Array.isArray(value)) return value
  } catch {}
  return { INVALID_JSON: json }
}

export function positive(value: unknown, param: string): number | undefined {
  if (value === null || value === undefined) return undefined
  return Number.isInteger(value) && (value as number) > 0
    ? (value as number)
    : refuse(param, 'must be a whole number above 0.', 'invalid_value')
}
