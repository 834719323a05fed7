import type { Client } from '../../client/client.ts'
import { readJSON } from '../../http/answer/read-json.ts'
import type { RequestOptions } from '../../http/request.ts'
import { send } from '../../http/send.ts'
import type { FileMetadata } from '../../wire/index.ts'
import { endpointPath } from '../endpoint-path.ts'

/**
 * What the API knows of a file: name, type, size, how long it stays. Its content is {@link downloadFile}'s.
 *
 * @throws {NotFoundError} there is no such file; and as `createMessage`
 * @see https://platform.claude.com/docs/en/api/files-metadata
 */
export async function retrieveFile(client: Client, id: string, options: RequestOptions = {}): Promise<FileMetadata> {
  return send(client, { method: 'GET', path: endpointPath('/v1/files/*', id) }, options, readJSON<FileMetadata>)
}
