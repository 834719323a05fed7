import { jsonResponse } from '../http/json-response.ts'
import { countInputTokens } from '../tokens/count-input-tokens.ts'
import { validateRequest } from '../validation/validate-request.ts'
import type { OpenExchange } from './exchange.ts'
import { knownBy } from './known-by.ts'

/** `POST /v1/messages/count_tokens`: uses no turn of the script. */
export function countTokensRoute({ request, body, headers, state }: OpenExchange): Response {
  const { params } = validateRequest(body, request.headers, 'count_tokens', knownBy(state))
  return jsonResponse({ input_tokens: countInputTokens(params) }, headers)
}
