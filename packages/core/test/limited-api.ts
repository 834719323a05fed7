/** How a pretended API limits requests. */
export interface Limits {
  /** So many requests… */
  limit: number
  /** …in so many milliseconds. */
  periodMs: number
  /** A bucket that fills steadily, or a window that begins anew. Default `bucket`. */
  style?: 'bucket' | 'window'
  /** What it says of its limits. Default: everything. */
  tells?: 'everything' | 'retry-after' | 'nothing'
  /** How long an answer takes, given the number of the request. Default 5. */
  latencyMs?: (number: number) => number
  /** Whether dates have milliseconds. Default `true`. */
  milliseconds?: boolean
  /** By how much its clock is ahead, which its `date` shows. Default 0, and no `date`. */
  aheadMs?: number
}

export interface LimitedAPI {
  fetch: typeof fetch
  /** The bodies that were let in, in order, and when. */
  readonly accepted: { body: string; at: number }[]
  readonly counts: { refused: number; inFlight: number; mostInFlight: number }
}

/** An API in this process that enforces limits, on the clock of `Date.now` and `setTimeout`, which may be fake. */
export function createLimitedAPI({
  limit,
  periodMs,
  style = 'bucket',
  tells = 'everything',
  latencyMs = () => 5,
  milliseconds = true,
  aheadMs = 0,
}: Limits): LimitedAPI {
  const accepted: LimitedAPI['accepted'] = []
  const counts = { refused: 0, inFlight: 0, mostInFlight: 0 }
  const take = style === 'bucket' ? steady(limit, periodMs) : windows(limit, periodMs)

  async function answer(body: string): Promise<Response> {
    const now = Date.now()
    const { ok, remaining, resetsAt, retryMs } = take(now)
    const reset = new Date(resetsAt + aheadMs).toISOString()
    const headers: Record<string, string> = aheadMs ? { date: new Date(now + aheadMs).toUTCString() } : {}
    if (tells === 'everything') {
      headers['anthropic-ratelimit-requests-limit'] = String(limit)
      headers['anthropic-ratelimit-requests-remaining'] = String(remaining)
      headers['anthropic-ratelimit-requests-reset'] = milliseconds ? reset : reset.replace(/\.\d+/, '')
    }
    if (!ok && tells !== 'nothing') headers['retry-after-ms'] = String(retryMs)
    if (ok) accepted.push({ body, at: now })
    else counts.refused++
    await new Promise((resolve) => setTimeout(resolve, latencyMs(accepted.length)))
    const error = { type: 'error', error: { type: 'rate_limit_error', message: 'Too many.' } }
    return Response.json(ok ? { id: 'msg_1', usage: {} } : error, { status: ok ? 200 : 429, headers })
  }

  const fetch = async (_url: unknown, init?: RequestInit): Promise<Response> => {
    counts.mostInFlight = Math.max(counts.mostInFlight, ++counts.inFlight)
    try {
      return await answer(String(init?.body))
    } finally {
      counts.inFlight--
    }
  }
  return { fetch: fetch as typeof globalThis.fetch, accepted, counts }
}

type Take = (now: number) => { ok: boolean; remaining: number; resetsAt: number; retryMs: number }

function steady(limit: number, periodMs: number): Take {
  let level = limit
  let at = Date.now()
  return (now) => {
    level = Math.min(limit, level + ((now - at) * limit) / periodMs)
    at = now
    const ok = level >= 1
    const retryMs = Math.ceil(((1 - level) * periodMs) / limit)
    if (ok) level--
    return { ok, remaining: Math.floor(level), resetsAt: now + ((limit - level) * periodMs) / limit, retryMs }
  }
}

function windows(limit: number, periodMs: number): Take {
  let remaining = limit
  let resetsAt = 0
  return (now) => {
    if (now >= resetsAt) {
      remaining = limit
      resetsAt = now + periodMs
    }
    const ok = remaining > 0
    if (ok) remaining--
    return { ok, remaining, resetsAt, retryMs: resetsAt - now }
  }
}
