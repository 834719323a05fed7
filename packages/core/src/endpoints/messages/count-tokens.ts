import type { Client } from '../../client/client.ts'
import { readJSON } from '../../http/answer/read-json.ts'
import type { RequestOptions } from '../../http/request.ts'
import { send } from '../../http/send.ts'
import type { CountTokensParams } from '../../wire/index.ts'
import { countRequest } from './message-request.ts'

/**
 * Counts the input tokens a request would have; free of charge.
 *
 * @throws the same as `createMessage`
 * @see https://docs.claude.com/en/api/messages-count-tokens
 */
export async function countTokens(
  client: Client,
  params: CountTokensParams,
  options: RequestOptions = {},
): Promise<{ input_tokens: number }> {
  return send(client, countRequest(client, params), options, readJSON<{ input_tokens: number }>)
}
