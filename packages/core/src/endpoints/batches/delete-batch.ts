import type { Client } from '../../client/client.ts'
import { readJSON } from '../../http/answer/read-json.ts'
import type { RequestOptions } from '../../http/request.ts'
import { send } from '../../http/send.ts'
import type { DeletedMessageBatch } from '../../wire/index.ts'
import { endpointPath } from '../endpoint-path.ts'

/**
 * Deletes a batch with its results.
 *
 * @throws {InvalidRequestError} it has not ended: cancel it first
 * @throws {NotFoundError} there is no such batch; and as `createMessage`
 * @see https://platform.claude.com/docs/en/api/deleting-message-batches
 */
export async function deleteBatch(
  client: Client,
  id: string,
  options: RequestOptions = {},
): Promise<DeletedMessageBatch> {
  const path = endpointPath('/v1/messages/batches/*', id)
  return send(client, { method: 'DELETE', path }, options, readJSON<DeletedMessageBatch>)
}
