import type { OutgoingRequest } from '../../client/middleware.ts'
import { assertOk } from '../../http/answer/assert-ok.ts'
import { readJSON } from '../../http/answer/read-json.ts'
import type { Exchange } from '../../http/request.ts'
import type { CountTokensParams, MessageParams, TokenCount } from '../../wire/index.ts'

/** What `/v1/messages/count_tokens` takes of a request. */
const counted = [
  ...(['model', 'messages', 'system', 'tools', 'tool_choice', 'thinking', 'output_config'] as const),
  ...(['cache_control', 'speed'] as const),
]

/**
 * Has the API count a request's prompt, with the same credential, and bounds it: the count "may differ by a small
 * amount" from what is charged, so a twentieth and 100 tokens are added.
 *
 * @throws {APIError} {@link ConnectionError}, {@link StreamParseError}
 */
export async function countInput(
  request: OutgoingRequest,
  params: MessageParams,
  next: (request: OutgoingRequest) => Promise<Response>,
): Promise<number> {
  const given = counted.filter((name) => params[name] !== undefined).map((name) => [name, params[name]])
  const body = Object.fromEntries(given) as CountTokensParams
  const url = new URL(request.url)
  url.pathname = url.pathname.replace(/\/messages.*$/, '/messages/count_tokens')
  const headers = new Headers(request.headers)
  // It stands for the message that is still to be sent.
  headers.delete('idempotency-key')
  const response = await next({ ...request, url: `${url}`, headers, params: body, body: JSON.stringify(body) })
  await assertOk(response)
  const { input_tokens } = await readJSON<TokenCount>({ response } as Exchange)
  return Math.ceil(input_tokens * 1.05) + 100
}
