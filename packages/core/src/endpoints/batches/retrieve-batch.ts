import type { Client } from '../../client/client.ts'
import { readJSON } from '../../http/answer/read-json.ts'
import type { RequestOptions } from '../../http/request.ts'
import { send } from '../../http/send.ts'
import type { MessageBatch } from '../../wire/index.ts'
import { endpointPath } from '../endpoint-path.ts'

/**
 * How far a batch is. `processing_status` says `ended` once its results are there; most take less than an hour.
 *
 * @throws {NotFoundError} there is no such batch; and as `createMessage`
 * @see https://platform.claude.com/docs/en/api/retrieving-message-batches
 */
export async function retrieveBatch(client: Client, id: string, options: RequestOptions = {}): Promise<MessageBatch> {
  const path = endpointPath('/v1/messages/batches/*', id)
  return send(client, { method: 'GET', path }, options, readJSON<MessageBatch>)
}
