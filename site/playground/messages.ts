/** What the page tells a runner, once. */
export interface Start {
  /** A name for the run that no other has. */
  run: string
  /** The example whose answers the API gives. */
  example: string
  code: string
}

/** What a runner tells the page. */
export type RunnerMessage =
  | { type: 'output'; text: string; isError: boolean }
  | { type: 'error'; name: string; code?: string | undefined; message: string; line?: number | undefined }
  | { type: 'end' }

/** What the service worker tells all pages: a request that was answered, or the end of an answer before it was whole. */
export type WireMessage =
  | ({ type: 'request'; run: string } & WireRequest)
  | { type: 'cut'; run: string; requestId: string }

export interface WireRequest {
  requestId: string
  what: string
  status: number
  model?: string | undefined
  inputTokens?: number | undefined
  outputTokens?: number | undefined
  /** `undefined` where nothing was billed. */
  usd?: number | undefined
}

/** The `BroadcastChannel` of {@link WireMessage}s. */
export const wireChannel = 'enjamb-playground'
