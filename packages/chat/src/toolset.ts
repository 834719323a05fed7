import type {
  Client,
  Cost,
  Message,
  MessageParam,
  MessageParams,
  RequestOptions,
  StreamEvent,
  Usage,
} from '@enjamb/core'

/**
 * What the option `tools` takes: `toolset()` of `@enjamb/tools` makes one. It brings the loop that runs its tools, so that
 * a chat without tools bundles none.
 */
export interface ChatToolset {
  chat(client: Client, params: MessageParams, options: RequestOptions): ChatToolRun
}

/** A run of tools as a chat reads it; a `ToolRun` is one, and has more. */
export interface ChatToolRun extends AsyncIterable<ChatToolRunEvent> {
  text(): AsyncIterable<string>
  final(): Promise<Message>
  abort(reason?: unknown): unknown
  /** Of all requests, once it is at its end; `messages` are those of the last one. */
  readonly sums: { usage: Usage; cost: Cost | undefined; messages: MessageParam[] }
}

/** `stream` events hold what the model's streams say; the others tell of the tools. */
export interface ChatToolRunEvent {
  type: string
  turn: number
  event?: StreamEvent
}
