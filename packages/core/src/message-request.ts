import type { Client } from './client/client.ts'
import { ConfigError } from './errors/config-error.ts'
import type { RequestSpec } from './http/send.ts'
import type { CountTokensParams, MessageParams } from './wire/index.ts'

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

function checkVersion({ apiVersion }: Client, params: Pick<MessageParams, 'messages'>): void {
  if (apiVersion < '2026-10-21') return
  const refuse = (what: string) => {
    throw new ConfigError(`${what} is refused by apiVersion ${apiVersion}: drop it, or set apiVersion: '2023-06-01'.`)
  }
  for (const name of ['temperature', 'top_p', 'top_k']) if (name in params) refuse(name)
  for (const { role, content } of params.messages) {
    for (const block of typeof content === 'string' ? [] : content) {
      if (role === 'assistant' && block.type === 'document') refuse('document in an assistant message')
      if (role === 'user' && block.type === 'text' && block.citations?.length) refuse('citations on user text')
    }
  }
}
