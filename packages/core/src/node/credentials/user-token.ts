import { setTimeout as wait } from 'node:timers/promises'
import { AuthenticationError } from '../../errors/api/authentication-error.ts'
import { ConfigError } from '../../errors/config-error.ts'
import { assertReplaceable, type Credentials, readCredentials, tokenOf, writeCredentials } from './credentials-file.ts'
import { type AccessToken, requestToken, type TokenHost } from './request-token.ts'
import { isFresh } from './shared-token.ts'

/** By file: a refresh token counts once, whichever client of this process has it used. */
const renewals = new Map<string, Promise<AccessToken>>()

/**
 * The token of somebody who has signed in, kept in a file that Anthropic's tools share: as it stands there, or, where it
 * ends or was refused, the next one, which replaces it there.
 *
 * @param clientId whose sign-in it is; without it no token is ever replaced
 * @param refused the token that the API refused, if it did
 */
export async function userToken(
  path: string,
  clientId: string | undefined,
  host: TokenHost,
  refused: string | undefined,
): Promise<AccessToken> {
  const before = await readCredentials(path)
  if (!before) throw new ConfigError(`${path} must be there: sign in first, as with "ant auth login".`)
  const token = tokenOf(before)
  if (!token) throw new ConfigError(`${path} must have an access_token: sign in again.`)
  if (token.token !== refused && isFresh(token)) return token
  const { refresh_token } = before
  if (!clientId || !refresh_token)
    throw new ConfigError(`The token in ${path} has ended, and nothing renews it: sign in again.`)
  let renewal = renewals.get(path)
  if (!renewal) {
    renewal = renew(path, before, { refresh_token, client_id: clientId }, host).finally(() => renewals.delete(path))
    renewals.set(path, renewal)
  }
  return renewal
}

async function renew(
  path: string,
  before: Credentials,
  grant: { refresh_token: string; client_id: string },
  host: TokenHost,
): Promise<AccessToken> {
  await assertReplaceable(path)
  try {
    const whole = { grant_type: 'refresh_token', ...grant }
    const next = await requestToken(host, 'oauth-2025-04-20', whole, 'Sign in again.')
    await writeCredentials(path, before, {
      access_token: next.token,
      expires_at: Math.floor(next.expiresAt),
      refresh_token: next.refreshToken ?? grant.refresh_token,
    })
    return next
  } catch (error) {
    // Another process may have used the refresh token, and may be about to write what it got.
    for (let look = 0; error instanceof AuthenticationError && look < 5; look++) {
      if (look) await wait(100)
      const now = tokenOf((await readCredentials(path)) ?? {})
      if (now && now.token !== before.access_token && isFresh(now)) return now
    }
    throw error
  }
}
