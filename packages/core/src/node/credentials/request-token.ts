import { createClient } from '../../client/create-client.ts'
import { APIError } from '../../errors/api/api-error.ts'
import { AuthenticationError } from '../../errors/api/authentication-error.ts'
import { ConfigError } from '../../errors/config-error.ts'
import { StreamParseError } from '../../errors/connection/stream-parse-error.ts'
import { redact, rememberSecret } from '../../errors/redact.ts'
import { readText } from '../../http/answer/read-text.ts'
import { send } from '../../http/send.ts'

/** A token of the API, and when it ends in seconds since 1970, if it does. */
export interface AccessToken {
  readonly token: string
  readonly expiresAt?: number | undefined
}

/** Whom to ask for a token. */
export interface TokenHost {
  /** Default: the client's. */
  readonly baseURL?: string | undefined
  readonly fetch?: typeof fetch | undefined
}

export interface IssuedToken extends AccessToken {
  readonly expiresAt: number
  readonly refreshToken?: string | undefined
}

const path = '/v1/oauth/token'
const longestAnswer = 2 ** 20

/**
 * Asks the API's token endpoint for an access token. It is asked once: the call that needs the token has retries.
 *
 * @param grant what it is asked with, secrets among it, none of which is ever in an error
 * @param hint what may help where it is refused
 * @throws {AuthenticationError} it is refused
 * @throws {APIError} the endpoint fails; {@link ConnectionError}, {@link RequestTimeoutError}
 * @throws {StreamParseError} the answer is no token
 * @throws {ConfigError} `baseURL` is neither `https` nor this machine, or redirects
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5
 */
export async function requestToken(
  host: TokenHost,
  betas: string,
  grant: Readonly<Record<string, string>>,
  hint = '',
): Promise<IssuedToken> {
  const client = createClient({
    ...host,
    timeoutMs: 30_000,
    retry: { maxRetries: 0 },
    headers: { 'x-api-key': null, authorization: null, 'anthropic-version': null, 'anthropic-beta': betas },
    // It is no endpoint of the API's: its path stays as it is, whatever betas there are.
    middleware: [(request, next) => next({ ...request, url: `${client.baseURL}${path}` })],
  })
  if (!/^https:|^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:|\/|$)/i.test(client.baseURL))
    throw new ConfigError('baseURL must be https for a token: whoever is on the way could read it.')
  for (const name of ['assertion', 'refresh_token']) rememberSecret(grant[name] ?? null)
  const text = await send(client, { method: 'POST', path, body: grant }, {}, ({ response }) =>
    readText(response, longestAnswer),
  ).catch((error) => {
    throw error instanceof APIError ? refusalOf(error, hint) : error
  })
  return readToken(text)
}

/** Only what the standard has in it: the rest may be what was sent. */
function refusalOf(answered: APIError, hint: string): APIError {
  const { status, headers, requestId, retryable, body } = answered
  const { error, error_description } = Object(body) as Record<string, unknown>
  const { type, message } = Object(error) as Record<string, unknown>
  const code = redact(`${(typeof error === 'string' ? error : type) ?? 'error'}`)
  const said = redact(`${error_description ?? message ?? ''}`)
  const refused = status < 500 && !retryable
  const OwnKind = answered.constructor as typeof APIError
  const Kind = refused ? AuthenticationError : OwnKind
  const more = refused && hint ? ` ${hint}` : ''
  return new Kind(`The token endpoint answered ${status} ${code}${said && `: ${said}`}${more}`, {
    status,
    type: code,
    requestId,
    headers,
    body: said ? { error: code, error_description: said } : { error: code },
  })
}

function readToken(text: string): IssuedToken {
  let answer: Record<string, unknown> = {}
  try {
    answer = Object(JSON.parse(text))
  } catch {
    // Without its cause, which repeats the text.
    throw new StreamParseError('The token endpoint gave no JSON.')
  }
  const { access_token, refresh_token, expires_in, token_type } = answer
  if (typeof access_token !== 'string' || !access_token)
    throw new StreamParseError('The token endpoint gave no access_token.')
  if (token_type !== undefined && `${token_type}`.toLowerCase() !== 'bearer')
    throw new StreamParseError('The token endpoint gave a token whose token_type is not Bearer.')
  const seconds = Number(expires_in ?? Number.NaN)
  if (!Number.isFinite(seconds)) throw new StreamParseError('The token endpoint gave no expires_in.')
  return {
    token: access_token,
    expiresAt: Date.now() / 1000 + seconds,
    refreshToken: typeof refresh_token === 'string' && refresh_token ? refresh_token : undefined,
  }
}
