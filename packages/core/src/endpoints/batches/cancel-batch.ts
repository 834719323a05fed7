import type { Client } from '../../client/client.ts'
import { readJSON } from '../../http/answer/read-json.ts'
import type { RequestOptions } from '../../http/request.ts'
import { send } from '../../http/send.ts'
import type { MessageBatch } from '../../wire/index.ts'
import { endpointPath } from '../endpoint-path.ts'

/**
 * Asks for a batch to end early. It is `canceling` until the requests under way are done, which have results like any
 * other; then it has `ended`.
 *
 * @throws {NotFoundError} there is no such batch; and as `createMessage`
 * @see https://platform.claude.com/docs/en/api/canceling-message-batches
 */
export async function cancelBatch(client: Client, id: string, options: RequestOptions = {}): Promise<MessageBatch> {
  const path = endpointPath('/v1/messages/batches/*/cancel', id)
  return send(client, { method: 'POST', path }, options, readJSON<MessageBatch>)
}
