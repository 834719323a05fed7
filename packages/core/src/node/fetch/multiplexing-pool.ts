import type { buildConnector, Client, Dispatcher, Pool } from 'undici'

type Undici = typeof import('undici')

/** As many as undici lets a server have, until that says a number of its own. */
const maxStreams = 100

/**
 * Makes a host's connections so that one of HTTP/2 carries many requests and one of HTTP/1.1 a single one. undici has but
 * one number for both, and with HTTP/1.1 any more than 1 would send requests behind a stream that is still open.
 */
export function multiplexingPool(undici: Undici): (origin: string | URL, options: object) => Dispatcher {
  const factory = (origin: URL, options: object) => {
    const { connect } = options as { connect: buildConnector.connector }
    const client: Client = new undici.Client(origin, {
      ...options,
      pipelining: 1,
      connect: (target, callback) =>
        connect(target, (...[error, socket]) => {
          if (error) return callback(error, null)
          client.pipelining = 'alpnProtocol' in socket && socket.alpnProtocol === 'h2' ? maxStreams : 1
          callback(null, socket)
        }),
    })
    return client
  }
  return (origin, options: Pool.Options) => new undici.Pool(origin, { ...options, factory })
}
