import type { Client } from '../../client/client.ts'
import type { RequestOptions } from '../../http/request.ts'
import type { BatchListParams, MessageBatch } from '../../wire/index.ts'
import { listItems } from '../list-items.ts'

/**
 * The batches of the key's workspace, the newest first. Pages are fetched as the loop comes to them; `limit` is the
 * size of one, not of the list.
 *
 * @throws as `createMessage`, when the loop asks
 * @see https://platform.claude.com/docs/en/api/listing-message-batches
 */
export function listBatches(
  client: Client,
  query: BatchListParams = {},
  options: RequestOptions = {},
): AsyncGenerator<MessageBatch, void, undefined> {
  return listItems(client, '/v1/messages/batches', { ...query }, options)
}
