import { jsonResponse } from '../http/json-response.ts'
import type { OutgoingResponse } from '../http/outgoing-response.ts'
import { validateRequest } from '../validation/validate-request.ts'
import type { OpenExchange } from './exchange.ts'
import { knownBy } from './known-by.ts'

/** `POST /v1/messages/count_tokens`: uses no turn of the script. */
export async function countTokensRoute({ request, body, headers, state }: OpenExchange): Promise<OutgoingResponse> {
  const { inputTokens } = await validateRequest(body, request.headers, 'count_tokens', knownBy(state))
  return jsonResponse({ input_tokens: inputTokens }, headers)
}
