/** One attempt at one request, as middleware sees it. A middleware passes it on to `next`, or a changed copy of it. */
export interface OutgoingRequest {
  readonly method: string
  readonly url: string
  readonly headers: Headers
  /** The JSON text, serialised once for all attempts; an upload's form. */
  readonly body: string | FormData | undefined
  /** What {@link OutgoingRequest.body} was made from: the parameters as the caller gave them. Not to be changed. */
  readonly params: unknown
  /** Aborts at the caller's wish and on a timeout. */
  readonly signal: AbortSignal
  /** 0 for the first try. */
  readonly attempt: number
  /** The spending project that the call names, if it names one. */
  readonly project: string | undefined
  /** The session that it is made for, where it is made for one: a usage store keeps it with the money that is set aside. */
  readonly origin?: RequestOrigin | undefined
  /**
   * Asks to be told, once, how this attempt ended; for a stream that is when its last byte was read or given up. The
   * listener must not throw.
   */
  onOutcome(listener: (outcome: Outcome) => void): void
}

/** Where in an agent's session a request belongs. */
export interface RequestOrigin {
  session: string
  /** The place in its journal at which the turn began. */
  turn?: number | undefined
}

/** How one attempt ended. */
export interface Outcome {
  /** Whether the request left for the network; without that, nothing can have been charged. */
  readonly sent: boolean
  /** From the moment that the headers are here. Its body is in other hands. */
  readonly response: Response | undefined
  /** The parsed answer: a `Message`, with an error only as much of it as arrived; other JSON from other endpoints. */
  readonly value: unknown
  /** Why the attempt failed; `undefined` where it did not. */
  readonly error: unknown
  /** When a stream's first content was here, on the clock of `performance.now()`. */
  readonly firstContentAt: number | undefined
}

/** Wraps every attempt: may change the request, delay it, answer it, or look at the response. */
export type Middleware = (
  request: OutgoingRequest,
  next: (request: OutgoingRequest) => Promise<Response>,
) => Promise<Response>
