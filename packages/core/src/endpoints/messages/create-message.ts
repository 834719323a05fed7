import type { Client } from '../../client/client.ts'
import { readJSON } from '../../http/answer/read-json.ts'
import type { RequestOptions } from '../../http/request.ts'
import { send } from '../../http/send.ts'
import type { Message, MessageParams } from '../../wire/index.ts'
import { messageRequest } from './message-request.ts'

/**
 * Sends one request and waits for the whole answer.
 *
 * @throws {ConfigError} before sending; {@link APIError}, {@link ConnectionError}, {@link RequestTimeoutError},
 * {@link RequestAbortedError}, {@link StreamParseError} (the answer is no JSON) after it
 * @see https://docs.claude.com/en/api/messages
 * @example
 * const message = await createMessage(client, {
 *   model: 'claude-haiku-4-5', max_tokens: 1024, messages: [{ role: 'user', content: 'Hello' }],
 * })
 */
export async function createMessage(
  client: Client,
  params: MessageParams,
  options: RequestOptions = {},
): Promise<Message> {
  return send(client, messageRequest(client, params, false, options), options, readJSON<Message>)
}
