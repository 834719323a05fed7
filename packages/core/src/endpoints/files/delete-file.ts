import type { Client } from '../../client/client.ts'
import { readJSON } from '../../http/answer/read-json.ts'
import type { RequestOptions } from '../../http/request.ts'
import { send } from '../../http/send.ts'
import type { DeletedFile } from '../../wire/index.ts'
import { endpointPath } from '../endpoint-path.ts'

/**
 * Deletes a file for good. Messages that refer to it are refused from then on.
 *
 * @throws {NotFoundError} there is no such file; and as `createMessage`
 * @see https://platform.claude.com/docs/en/api/files-delete
 */
export async function deleteFile(client: Client, id: string, options: RequestOptions = {}): Promise<DeletedFile> {
  return send(client, { method: 'DELETE', path: endpointPath('/v1/files/*', id) }, options, readJSON<DeletedFile>)
}
