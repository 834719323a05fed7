import type { ObjectContext } from '@restatedev/restate-sdk'
import type { Restate } from '../load-sdk.ts'
import { pacersName } from '../messages.ts'

/** How fast requests may leave. */
export interface Pace {
  perMinute: number
  /** How many may leave at once after a quiet time. */
  burst: number
}

interface Bucket {
  /** How many may leave now; below zero, so many have their time already. */
  level: number
  at: number
}

/** Gives each request of a fleet its time: an object for each key of the API, with a bucket that refills steadily. */
export function pacersObject(restate: Restate) {
  async function bucketOf(ctx: ObjectContext, { perMinute, burst }: Pace): Promise<Bucket> {
    const now = await ctx.date.now()
    const { level, at } = (await ctx.get<Bucket>('bucket')) ?? { level: burst, at: now }
    // A worker's clock may be behind another's.
    const passed = Math.max(0, now - at)
    return { level: Math.min(burst, level + (passed * perMinute) / 60_000), at: at + passed }
  }

  return restate.object({
    name: pacersName,
    handlers: {
      /** @returns how long the next request has to wait */
      async take(ctx: ObjectContext, pace: Pace): Promise<number> {
        const bucket = await bucketOf(ctx, pace)
        const level = bucket.level - 1
        ctx.set('bucket', { ...bucket, level })
        return Math.ceil(Math.max(0, (-level * 60_000) / pace.perMinute))
      },
      /** Lets nothing more leave for so long, and then one after the other. */
      async hold(ctx: ObjectContext, { ms, ...pace }: Pace & { ms: number }): Promise<void> {
        const bucket = await bucketOf(ctx, pace)
        ctx.set('bucket', { ...bucket, level: Math.min(bucket.level, (-ms * pace.perMinute) / 60_000) })
      },
    },
    options: { journalRetention: 0 },
  })
}
