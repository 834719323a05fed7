import type { Client } from '../../client/client.ts'
import { ConnectionError } from '../../errors/connection/connection-error.ts'
import { apiErrorIn } from '../../http/answer/api-error-in.ts'
import type { RequestOptions } from '../../http/request.ts'
import { send } from '../../http/send.ts'
import { parseNDJSON } from '../../ndjson/parse-ndjson.ts'
import type { MessageBatchIndividualResponse } from '../../wire/index.ts'
import { endpointPath } from '../endpoint-path.ts'
import { streamBody } from '../stream-body.ts'

/**
 * The results of a batch that has ended, as they arrive and in whatever order: `custom_id` says whose one is. Only as
 * much is read as the loop has asked for, and leaving the loop ends the request.
 *
 * Until the first result is here the request is retried as any other. After that it is never started again: the loop
 * throws, and the results it has had are good.
 *
 * @throws {NotFoundError} there is no such batch, or it has not ended; and as `createMessage`
 * @throws {ConnectionError} the results broke off
 * @throws {IdleTimeoutError} nothing came for `idleTimeoutMs`
 * @throws {StreamParseError} a line is no JSON
 * @see https://platform.claude.com/docs/en/api/retrieving-message-batch-results
 * @example
 * for await (const { custom_id, result } of batchResults(client, id)) {
 *   if (result.type === 'succeeded') console.log(custom_id, result.message.content)
 * }
 */
export async function* batchResults(
  client: Client,
  id: string,
  options: RequestOptions = {},
): AsyncGenerator<MessageBatchIndividualResponse, void, undefined> {
  const path = endpointPath('/v1/messages/batches/*/results', id)
  const { idleTimeoutMs = client.idleTimeoutMs } = options
  const { lines, first, signal } = await send(
    client,
    { method: 'GET', path, stream: true },
    options,
    async (exchange) => {
      const lines = parseNDJSON(streamBody(exchange, idleTimeoutMs))
      const first = await lines.next()
      const error = apiErrorIn(first.value, exchange.response.headers)
      if (error) throw error
      // A batch has at least one request, and so one result.
      if (first.done) throw new ConnectionError('The results ended before the first one.')
      return { lines, first, signal: exchange.signal }
    },
  )
  try {
    for (let line: IteratorResult<unknown> = first; !line.done; line = await lines.next()) {
      yield line.value as MessageBatchIndividualResponse
      // The lines of a chunk that is here already end, too.
      signal.throwIfAborted()
    }
  } finally {
    await lines.return()
  }
}
