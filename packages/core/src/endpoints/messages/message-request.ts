import { unseen } from '#platform'
import type { Client } from '../../client/client.ts'
import { ConfigError } from '../../errors/config-error.ts'
import type { RequestOptions, RequestSpec } from '../../http/request.ts'
import type { ContentBlockParam, CountTokensParams, MessageParams, TextBlockParam } from '../../wire/index.ts'

/**
 * The request for `POST /v1/messages`, refused here where the API would refuse it for its version.
 *
 * @throws {ConfigError} a sampling parameter, a document in an assistant message or citations on user text under
 * `2026-10-21` or later; no messages; an answer that could take longer than a connection may be silent, unless it is
 * streamed or `timeoutMs` says that there is time
 */
export function messageRequest(
  client: Client,
  params: MessageParams,
  stream: boolean,
  { timeoutMs = client.timeoutMs }: RequestOptions = {},
): RequestSpec {
  checkVersion(client, params)
  if (!(params.max_tokens >= 0)) throw new ConfigError('max_tokens must be set: 0 or more.')
  // At its slowest the API writes 128,000 tokens an hour; what stands between lets a silent connection go after 10 min.
  const minutes = Math.ceil((params.max_tokens / 128_000) * 60)
  if (!stream && timeoutMs && minutes > Math.max(timeoutMs / 60_000, 10)) {
    throw new ConfigError(`max_tokens ${params.max_tokens} could take ${minutes} min: stream it, or raise timeoutMs.`)
  }
  const { betas, ...body } = params
  return { method: 'POST', path: '/v1/messages', body: { ...body, stream }, stream, betas }
}

/** As {@link messageRequest}, for `POST /v1/messages/count_tokens`. */
export function countRequest(client: Client, params: CountTokensParams): RequestSpec {
  checkVersion(client, params)
  const { betas, ...body } = params
  return { method: 'POST', path: '/v1/messages/count_tokens', body, betas }
}

function checkVersion({ apiVersion }: Client, params: MessageParams | CountTokensParams): void {
  if (!params.messages?.[0]) throw new ConfigError('messages must hold at least one.')
  const refused = apiVersion < '2026-10-21' ? undefined : findRefused(params as MessageParams)
  if (refused) throw new ConfigError(`apiVersion ${apiVersion} takes no ${refused}: drop it, or set '2023-06-01'.`)
}

function findRefused(params: MessageParams): string | undefined {
  for (const { role, content } of unseen(params.messages)) {
    for (const block of [content].flat() as ContentBlockParam[]) {
      const what = `${role} ${block.type}`
      if (what === 'assistant document') return what
      if (what === 'user text' && (block as TextBlockParam).citations?.length) return 'user citations'
    }
  }
  return (['temperature', 'top_p', 'top_k'] as const).find((name) => params[name] !== undefined)
}
