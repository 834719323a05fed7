/** One attempt at one request, as middleware sees it. Plain data: a middleware passes a changed copy to `next`. */
export interface OutgoingRequest {
  readonly method: string
  readonly url: string
  readonly headers: Headers
  /** The JSON text, serialised once for all attempts. */
  readonly body: string | undefined
  /** Aborts at the caller's wish and on a timeout. */
  readonly signal: AbortSignal
  /** 0 for the first try. */
  readonly attempt: number
  /** The spending project that the call names, if it names one. */
  readonly project: string | undefined
}

/** Wraps every attempt: may change the request, delay it, answer it, or look at the response. */
export type Middleware = (
  request: OutgoingRequest,
  next: (request: OutgoingRequest) => Promise<Response>,
) => Promise<Response>
