import type { Client } from '../../client/client.ts'
import { readJSON } from '../../http/answer/read-json.ts'
import type { RequestOptions } from '../../http/request.ts'
import { send } from '../../http/send.ts'
import type { BatchCreateParams, MessageBatch } from '../../wire/index.ts'
import { batchRequest } from './batch-request.ts'

/**
 * Hands over many requests, to be answered within a day for half the price. {@link retrieveBatch} tells how far they
 * are, and {@link batchResults} brings the answers at the end.
 *
 * Whether each request is a good one shows in its result; what would have the whole batch refused is refused here.
 *
 * @throws {ConfigError} before sending: no requests or more than 100,000, a `custom_id` that the API does not take or
 * that is there twice, a request for a stream, or what `createMessage` refuses for the version; after it as that does
 * @see https://platform.claude.com/docs/en/api/creating-message-batches
 * @example
 * const batch = await createBatch(client, { requests: prompts.map((content, index) => ({
 *   custom_id: `prompt-${index}`,
 *   params: { model: 'claude-haiku-4-5', max_tokens: 1024, messages: [{ role: 'user', content }] },
 * })) })
 */
export async function createBatch(
  client: Client,
  params: BatchCreateParams,
  options: RequestOptions = {},
): Promise<MessageBatch> {
  return send(client, batchRequest(client, params), options, readJSON<MessageBatch>)
}
