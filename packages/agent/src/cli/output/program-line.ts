import type { Message, StreamEvent } from '@enjamb/core'

/** A line of the program's output, as far as it is looked at. Each may have more, and lines of other types come, too. */
export interface ProgramLine {
  type?: unknown
  subtype?: unknown
  /** The call of the program's Task tool whose sub-agent this is of. */
  parent_tool_use_id?: string | null
}

/** One block of a reply; or the program's own words, where its model is `<synthetic>`. */
export interface AssistantLine extends ProgramLine {
  message: Message
  request_id?: string
  error?: unknown
  api_error_status?: unknown
  api_error_type?: unknown
}

export interface UserLine extends ProgramLine {
  message: { content?: unknown }
}

export interface StreamLine extends ProgramLine {
  event: StreamEvent
}

/** The last line of a run. */
export interface ResultLine extends ProgramLine {
  is_error?: unknown
  result?: unknown
  errors?: unknown
  api_error_status?: unknown
  api_error_type?: unknown
  api_error?: unknown
  structured_output?: unknown
  num_turns?: unknown
  duration_ms?: unknown
  total_cost_usd?: unknown
  modelUsage?: Readonly<Record<string, ModelCounts>>
  model_usage_since_last_result?: Readonly<Record<string, ModelCounts>>
}

export interface ModelCounts {
  inputTokens?: number
  outputTokens?: number
  cacheReadInputTokens?: number
  cacheCreationInputTokens?: number
  cacheCreationEphemeral1hInputTokens?: number
  webSearchRequests?: number
  costUSD?: number
}

/** What failed, as the program's own words say it. */
export interface ProgramFailure {
  /** As `rate_limit`, `authentication_failed`, `server_error`. */
  kind: string | undefined
  status: number | undefined
  /** The API's own name for it. */
  type: string | undefined
  text: string
  requestId: string | undefined
}

/** The blocks of a message, whatever it is. */
export function blocksOf(message: { content?: unknown } | undefined): { type?: unknown; [name: string]: unknown }[] {
  const { content } = Object(message) as { content?: unknown }
  if (typeof content === 'string') return [{ type: 'text', text: content }]
  return Array.isArray(content) ? content.map(Object) : []
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value ? value : undefined
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}
