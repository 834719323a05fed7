import type { ObjectContext } from '@restatedev/restate-sdk'
import type { Restate } from '../load-sdk.ts'
import { pacersName } from '../messages.ts'
import { type Bucket, holdBack, type Pace, takeTime } from './pace.ts'

/** Gives each request of a fleet its time: an object for each key of the API. */
export function pacersObject(restate: Restate) {
  return restate.object({
    name: pacersName,
    handlers: {
      /** @returns how long the next request has to wait, in milliseconds */
      async take(ctx: ObjectContext, pace: Pace): Promise<number> {
        const now = await ctx.date.now()
        const { bucket, waitMs } = takeTime((await ctx.get<Bucket>('bucket')) ?? undefined, pace, now)
        ctx.set('bucket', bucket)
        return waitMs
      },
      async hold(ctx: ObjectContext, pause: Pace & { ms: number }): Promise<void> {
        const now = await ctx.date.now()
        ctx.set('bucket', holdBack((await ctx.get<Bucket>('bucket')) ?? undefined, pause, now))
      },
    },
    options: { journalRetention: 0 },
  })
}
