import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

interface TokenRequest {
  path: string
  headers: IncomingMessage['headers']
  body: Record<string, unknown>
}

export interface TokenServer {
  url: string
  /** In the order of their coming. */
  exchanges: TokenRequest[]
  /** Of the API, with the tokens that they were made with. */
  calls: (TokenRequest & { token: string })[]
  /** What is sent in place of the next answers of the token endpoint. */
  instead: { status: number; body: unknown; headers?: Record<string, string> }[]
  /** Before the token endpoint answers. */
  hold?: Promise<void> | undefined
  /** A token of the API. */
  issue(): string
  /** From now on the API refuses a token, whatever its time. */
  revoke(token: string): void
  /** A refresh token that counts once. */
  issueRefreshToken(): string
  close(): Promise<void>
}

/** How long its tokens last, in seconds. */
export const lifetime = 3_600

/** The API with its token endpoint, by RFC 6749 and 7523: identities that begin with `jwt-` are known to it. */
export async function startTokenServer(): Promise<TokenServer> {
  const issued = new Map<string, number>()
  const refreshTokens = new Set<string>()
  const server: TokenServer = {
    url: '',
    exchanges: [],
    calls: [],
    instead: [],
    issue() {
      const token = `sk-ant-oat01-${issued.size}-${Math.random().toString(36).slice(2)}`
      issued.set(token, Date.now() / 1000 + lifetime)
      return token
    },
    revoke: (token) => void issued.delete(token),
    issueRefreshToken() {
      const token = `refresh-token-${refreshTokens.size}-${Math.random().toString(36).slice(2)}`
      refreshTokens.add(token)
      return token
    },
    async close() {
      http.closeAllConnections()
      http.close()
      await once(http, 'close')
    },
  }

  function exchange({ body, headers }: TokenRequest): { status: number; body: unknown } {
    const refuse = (error: string, status = 400) => ({ status, body: { error, error_description: 'Not today.' } })
    if (!`${headers['anthropic-beta']}`.includes('oauth-2025-04-20')) return refuse('invalid_request')
    let more = {}
    if (body.grant_type === 'refresh_token') {
      if (!body.client_id || !refreshTokens.delete(`${body.refresh_token}`)) return refuse('invalid_grant')
      more = { refresh_token: server.issueRefreshToken() }
    } else {
      if (body.grant_type !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') return refuse('unsupported_grant_type')
      if (!`${body.assertion}`.startsWith('jwt-')) return refuse('invalid_grant', 401)
    }
    return { status: 200, body: { access_token: server.issue(), token_type: 'Bearer', expires_in: lifetime, ...more } }
  }

  const http = createServer(async (request, response) => {
    const { url: path = '', headers } = request
    const received: TokenRequest = { path, headers, body: JSON.parse(await text(request)) }
    let answer: { status: number; body: unknown; headers?: Record<string, string> }
    if (path === '/v1/oauth/token') {
      server.exchanges.push(received)
      await server.hold
      answer = server.instead.shift() ?? exchange(received)
    } else {
      const token = /^Bearer (.*)$/.exec(headers.authorization ?? '')?.[1] ?? ''
      server.calls.push({ ...received, token })
      const valid = (issued.get(token) ?? 0) > Date.now() / 1000
      const error = { type: 'error', error: { type: 'authentication_error', message: 'No.' } }
      answer = valid
        ? { status: 200, body: { id: 'msg_1', type: 'message', content: [] } }
        : { status: 401, body: error }
    }
    response.writeHead(answer.status, { 'content-type': 'application/json', 'request-id': 'req_1', ...answer.headers })
    response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body))
  }).listen(0, '127.0.0.1')
  await once(http, 'listening')
  server.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  return server
}
