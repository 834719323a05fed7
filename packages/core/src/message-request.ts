import type { Client } from './client/client.ts'
import { ConfigError } from './errors/config-error.ts'
import type { RequestSpec } from './http/send.ts'
import type { ContentBlockParam, CountTokensParams, MessageParams, TextBlockParam } from './wire/index.ts'

/**
 * The request for `POST /v1/messages`, refused here where the API would refuse it for its version.
 *
 * @throws {ConfigError} a sampling parameter, a document in an assistant message or citations on user text under
 * `2026-10-21` or later
 */
export function messageRequest(client: Client, params: MessageParams, stream: boolean): RequestSpec {
  checkVersion(client, params)
  return { method: 'POST', path: '/v1/messages', body: { ...params, stream }, stream }
}

/** As {@link messageRequest}, for `POST /v1/messages/count_tokens`. */
export function countRequest(client: Client, params: CountTokensParams): RequestSpec {
  checkVersion(client, params)
  return { method: 'POST', path: '/v1/messages/count_tokens', body: params }
}

function checkVersion({ apiVersion }: Client, params: MessageParams | CountTokensParams): void {
  const refused = apiVersion < '2026-10-21' ? undefined : findRefused(params as MessageParams)
  if (refused) throw new ConfigError(`apiVersion ${apiVersion} takes no ${refused}: drop it, or set '2023-06-01'.`)
}

function findRefused(params: MessageParams): string | undefined {
  for (const { role, content } of params.messages) {
    for (const block of [content].flat() as ContentBlockParam[]) {
      const what = `${role} ${block.type}`
      if (what === 'assistant document') return what
      if (what === 'user text' && (block as TextBlockParam).citations?.length) return 'user citations'
    }
  }
  return (['temperature', 'top_p', 'top_k'] as const).find((name) => params[name] !== undefined)
}
