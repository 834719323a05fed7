import type { TurnRequest } from './turn-request.ts'

/** Which requests a turn is for: those that fit every field given, or for which the function says so. */
export type TurnMatch = TurnMatchFields | ((request: TurnRequest) => boolean)

/** A string fits where it is contained, except for `model` and `tool`, which are compared whole. */
export interface TurnMatchFields {
  /** The text of the last user message that has any. */
  text?: string | RegExp
  /** The text of one of the results in the last message. */
  toolResult?: string | RegExp
  /** The name of a tool with a result in the last message. */
  tool?: string
  model?: string | RegExp
  /** Names in lower case. */
  headers?: Record<string, string | RegExp>
  stream?: boolean
}

export function matches(match: TurnMatch | undefined, request: TurnRequest): boolean {
  if (match === undefined) return true
  if (typeof match === 'function') return match(request)
  const { text, toolResult, tool, model, headers = {}, stream } = match
  const { params, toolResults } = request
  return (
    (text === undefined || contains(request.text, text)) &&
    (toolResult === undefined || toolResults.some((result) => contains(result.text, toolResult))) &&
    (tool === undefined || toolResults.some(({ name }) => name === tool)) &&
    (model === undefined || (typeof model === 'string' ? params.model === model : contains(params.model, model))) &&
    (stream === undefined || (params.stream ?? false) === stream) &&
    Object.entries(headers).every(([name, value]) => contains(request.headers[name] ?? '', value))
  )
}

/** `search` starts anew each time, whatever the flags of the expression. */
function contains(text: string, part: string | RegExp): boolean {
  return typeof part === 'string' ? text.includes(part) : text.search(part) !== -1
}
