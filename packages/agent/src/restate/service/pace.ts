/** How fast requests may leave. */
export interface Pace {
  perMinute: number
  /** How many may leave at once after a quiet time. */
  burst: number
}

/** What is known of those that have left: it refills steadily. */
export interface Bucket {
  /** How many may leave now; below zero, so many have their time already. */
  level: number
  /** In milliseconds. */
  at: number
}

/** As it is by now, full where nothing has left. */
function refill(bucket: Bucket | undefined, { perMinute, burst }: Pace, now: number): Bucket {
  const { level, at } = bucket ?? { level: burst, at: now }
  // A worker's clock may be behind another's.
  const passed = Math.max(0, now - at)
  return { level: Math.min(burst, level + (passed * perMinute) / 60_000), at: at + passed }
}

/** Gives the next request its time: how long it has to wait. */
export function takeTime(before: Bucket | undefined, pace: Pace, now: number): { bucket: Bucket; waitMs: number } {
  const { level, at } = refill(before, pace, now)
  const bucket = { level: level - 1, at }
  return { bucket, waitMs: Math.ceil(Math.max(0, (-bucket.level * 60_000) / pace.perMinute)) }
}

/** Lets nothing more leave for so long, and then one after the other. */
export function holdBack(before: Bucket | undefined, { ms, ...pace }: Pace & { ms: number }, now: number): Bucket {
  const { level, at } = refill(before, pace, now)
  return { level: Math.min(level, (-ms * pace.perMinute) / 60_000), at }
}
