import type { Client } from '../../client/client.ts'
import type { RequestOptions } from '../../http/request.ts'
import { send } from '../../http/send.ts'
import { endpointPath } from '../endpoint-path.ts'
import { streamBody } from '../stream-body.ts'

/** A response that has a body. */
export interface FileResponse extends Response {
  readonly body: NonNullable<Response['body']>
}

/**
 * A file's content, as a response that has not been read: take its `body`, `blob()` or `text()`, or cancel the body to
 * give the connection back. Retries and `timeoutMs` end with its headers.
 *
 * Reading fails with a `ConnectionError` where the content breaks off, an `IdleTimeoutError` where nothing comes for
 * `idleTimeoutMs`, and a `RequestAbortedError` at once where the signal is aborted.
 *
 * @throws {InvalidRequestError} the file is not `downloadable`: only those that tools have made are
 * @throws {NotFoundError} there is no such file; and as `createMessage`
 * @see https://platform.claude.com/docs/en/api/files-content
 * @example
 * const { body } = await downloadFile(client, file.id)
 * await writeFile('chart.png', body)
 */
export async function downloadFile(client: Client, id: string, options: RequestOptions = {}): Promise<FileResponse> {
  const path = endpointPath('/v1/files/*/content', id)
  const { idleTimeoutMs = client.idleTimeoutMs } = options
  return send(client, { method: 'GET', path, stream: true }, options, async (exchange) => {
    const { body, status, headers } = exchange.response
    const own = new Headers(headers)
    // The body is decoded by now, and its length unknown.
    if (own.has('content-encoding')) for (const name of ['content-encoding', 'content-length']) own.delete(name)
    // Some statuses cannot be with a body, not even with an empty one.
    const init = { status: body ? status : 200, headers: own }
    return new Response(streamBody(exchange, idleTimeoutMs), init) as FileResponse
  })
}
