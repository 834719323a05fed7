import type { Client } from '../../client/client.ts'
import type { RequestOptions } from '../../http/request.ts'
import type { FileListParams, FileMetadata } from '../../wire/index.ts'
import { listItems } from '../list-items.ts'

/**
 * The files of the key's workspace, the newest first. Pages are fetched as the loop comes to them; `limit` is the
 * size of one, not of the list.
 *
 * @throws as `createMessage`, when the loop asks
 * @see https://platform.claude.com/docs/en/api/files-list
 */
export function listFiles(
  client: Client,
  query: FileListParams = {},
  options: RequestOptions = {},
): AsyncGenerator<FileMetadata, void, undefined> {
  return listItems(client, '/v1/files', { ...query }, options)
}
