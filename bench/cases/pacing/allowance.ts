export const perMinute = 50
export const minuteMs = 1_500

/** A bucket that fills steadily and is full after a minute, as the API's. */
export interface Allowance {
  level: number
  at: number
  refused: number
}

/** Takes one request if there is room for it, and says so in the API's headers. */
export function takeOne(allowance: Allowance): { ok: boolean; headers: Record<string, string> } {
  const now = Date.now()
  const { level, at } = allowance
  allowance.level = Math.min(perMinute, level + ((now - at) * perMinute) / minuteMs)
  allowance.at = now
  const ok = allowance.level >= 1
  // The API has whole seconds, at least one.
  const seconds = Math.ceil(((1 - allowance.level) * 60) / perMinute)
  if (ok) allowance.level--
  else allowance.refused++
  const fullAt = now + ((perMinute - allowance.level) * minuteMs) / perMinute
  return {
    ok,
    headers: {
      'anthropic-ratelimit-requests-limit': String(perMinute),
      'anthropic-ratelimit-requests-remaining': String(Math.floor(allowance.level)),
      'anthropic-ratelimit-requests-reset': new Date(fullAt).toISOString(),
      ...(ok ? {} : { 'retry-after-ms': String((seconds * minuteMs) / 60) }),
    },
  }
}
