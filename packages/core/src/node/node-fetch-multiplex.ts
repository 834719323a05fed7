import type { Dispatcher } from 'undici'

/**
 * A dispatcher for one request that lets it share an HTTP/2 connection while others are under way: undici keeps a POST
 * waiting until the connection is idle, behind a stream for as long as that lasts, for it could not send the body again.
 * A text it can, and nothing is sent again without us: what a connection loses is an error.
 *
 * Over HTTP/1.1 requests are not mixed: a connection takes no other until its answer has been read.
 */
export function multiplex(dispatcher: Dispatcher, body: string): Dispatcher {
  const bytes = Buffer.from(body)
  const dispatch: Dispatcher['dispatch'] = (options, handler) =>
    // A redirect may have dropped it.
    dispatcher.dispatch(options.body ? { ...options, body: bytes, idempotent: true } : options, handler)
  return { dispatch } as Dispatcher
}
