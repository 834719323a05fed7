import type { Credential } from '../../client/client.ts'
import type { AccessToken } from './request-token.ts'

/** Left to a token, in seconds, from when on another is fetched in the background, and from when on it is waited for. */
const advisory = 120
const mandatory = 30
/** How long a failure, or a token that has just replaced a refused one, stands without asking again. */
const grace = 5

/** Whether a token will outlast a request. */
export function isFresh({ expiresAt }: Pick<AccessToken, 'expiresAt'>, margin: number = mandatory): boolean {
  return expiresAt === undefined || seconds() < expiresAt - margin
}

/**
 * A credential whose tokens are fetched when they are needed, one fetch at a time, whoever waits for it. One that ends
 * within two minutes is replaced in the background; within half a minute, all wait for the next.
 *
 * @param fetchToken is told the token that the API refused, if it did: it must not give that one again
 */
export function sharedToken(
  fetchToken: (refused: string | undefined) => Promise<AccessToken>,
): Exclude<Credential, string> {
  let held: AccessToken | undefined
  let pending: Promise<AccessToken> | undefined
  let replacedAt = Number.NEGATIVE_INFINITY
  let failure: { error: unknown; at: number } | undefined

  function fetchOnce(refused?: string): Promise<AccessToken> {
    pending ??= fetchToken(refused)
      .then(
        (token) => {
          if (refused) replacedAt = seconds()
          failure = undefined
          held = token
          return token
        },
        (error) => {
          failure = { error, at: seconds() }
          throw error
        },
      )
      .finally(() => {
        pending = undefined
      })
    return pending
  }

  async function replace(): Promise<AccessToken> {
    // It was refused as what was fetched before: the call that asks had it, or none at all.
    const refused = held?.token
    if (held && seconds() - replacedAt < grace) return held
    if (failure && !Object(failure.error).retryable && seconds() - failure.at < grace) throw failure.error
    const next = pending && (await pending)
    return next && next.token !== refused ? next : fetchOnce(refused)
  }

  return async ({ refresh }) => {
    if (refresh) return (await replace()).token
    if (!held || !isFresh(held)) return (await fetchOnce()).token
    const recent = failure && seconds() - failure.at < grace
    if (!isFresh(held, advisory) && !recent) fetchOnce().catch(() => {})
    return held.token
  }
}

function seconds(): number {
  return Date.now() / 1000
}
