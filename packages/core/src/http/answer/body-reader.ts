/** Reads a body, a chunk for one call; a `ReadableStreamDefaultReader` is one. */
export interface BodyReader {
  /** The next bytes, which are the caller's to keep and not to change; no `value` at the end, and once it is cancelled. */
  read(): Promise<{ value?: Uint8Array | undefined }>
  /** Ends the reading, and gives the connection back. */
  cancel(reason?: unknown): Promise<void>
  releaseLock(): void
}

/**
 * The name under which a response of a `fetch` of one's own may offer a reader of its body that costs less than a web
 * stream: called at most once, and only where `body` is not asked for; then the body counts as locked. `undefined` where
 * there is no body. Who wraps a response need not know of it: without it, `body` is read.
 */
export const bodyReader: unique symbol = /* @__PURE__ */ Symbol.for('enjamb.bodyReader')
