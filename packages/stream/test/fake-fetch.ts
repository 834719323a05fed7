/** A network that a test holds in its hands: `write` and `end` are what the server does, `closed` what it sees. */
export interface FakeExchange {
  write(text: string): void
  end(): void
  fail(error: Error): void
  /** The client has given the body up. */
  readonly cancelled: boolean
  /** Neither side has ended it. */
  readonly open: boolean
  /** How often the client asked for more. */
  readonly pulls: number
  readonly signal: AbortSignal
}

/** A `fetch` that hands every request to `serve`, with a response whose body `serve` writes. */
export function fakeFetch(serve: (exchange: FakeExchange, attempt: number) => void): typeof fetch & { calls: number } {
  const fake = Object.assign(
    async (_url: unknown, init?: RequestInit) => {
      const encoder = new TextEncoder()
      let controller!: ReadableStreamDefaultController<Uint8Array>
      let cancelled = false
      let ended = false
      let pulls = 0
      const body = new ReadableStream<Uint8Array>(
        {
          start: (c) => {
            controller = c
          },
          pull: () => {
            pulls++
          },
          cancel: () => {
            cancelled = true
          },
        },
        { highWaterMark: 0 },
      )
      const exchange: FakeExchange = {
        write: (text) => controller.enqueue(encoder.encode(text)),
        end: () => {
          ended = true
          controller.close()
        },
        fail: (error) => {
          ended = true
          controller.error(error)
        },
        get cancelled() {
          return cancelled
        },
        get open() {
          return !ended && !cancelled
        },
        get pulls() {
          return pulls
        },
        signal: init!.signal!,
      }
      serve(exchange, fake.calls++)
      return new Response(body, { headers: { 'request-id': `req_${fake.calls}` } })
    },
    { calls: 0 },
  )
  return fake as typeof fetch & { calls: number }
}
