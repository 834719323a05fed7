import type { IncomingMessage } from 'node:http'
import { type IncomingRequest, joinBytes } from '../http/incoming-request.ts'

/** Reads a request of Node's. What is past the limit of the body is dropped. */
export async function readIncoming(
  incoming: IncomingMessage,
  maxBodyBytes: number,
  gone: Gone,
): Promise<IncomingRequest> {
  const { method = 'GET', url = '/', headers } = incoming
  const mark = url.indexOf('?')
  return {
    method,
    origin: `http://${headers.host ?? '127.0.0.1'}`,
    path: mark === -1 ? url : url.slice(0, mark),
    query: mark === -1 ? '' : url.slice(mark + 1),
    // The one header that Node gives as a list, `set-cookie`, is none of a request.
    headers: headers as IncomingRequest['headers'],
    body: await readBytes(incoming, maxBodyBytes),
    get signal() {
      return gone.signal
    },
  }
}

/** That a client went away. */
export interface Gone {
  /** Made when it is asked for: most requests are answered without it. */
  readonly signal: AbortSignal
}

function readBytes(incoming: IncomingMessage, maxBodyBytes: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  return new Promise((resolve, reject) => {
    let chunks: Uint8Array<ArrayBuffer>[] = []
    let length = 0
    incoming.on('data', (chunk: Uint8Array<ArrayBuffer>) => {
      length += chunk.length
      if (length <= maxBodyBytes) chunks.push(chunk)
      else chunks = []
    })
    incoming.on('end', () => resolve(length > maxBodyBytes ? undefined : joinBytes(chunks, length)))
    incoming.on('error', reject)
    // An error is made for those alone that need one: it costs as much as the rest of this function.
    incoming.on('close', () => incoming.complete || reject(new Error('The client went away.')))
  })
}
