import type { ObjectContext, ObjectSharedContext } from '@restatedev/restate-sdk'
import type { Restate } from '../load-sdk.ts'
import { type ScheduleMessage, schedulesName } from '../messages.ts'
import { sendTurn } from './send-turn.ts'

interface Plan extends ScheduleMessage {
  /** Ticks of a plan that was replaced do nothing. */
  version: string
}

/** Prompts that are sent again and again: an object for each schedule, which wakes itself. */
export function schedulesObject(restate: Restate) {
  function arm(ctx: ObjectContext, { version, at }: Plan, now: number): void {
    ctx.genericSend({
      service: schedulesName,
      method: 'tick',
      key: ctx.key,
      parameter: version,
      inputSerde: restate.serde.json as never,
      delay: Math.max(0, at - now),
    })
  }

  return restate.object({
    name: schedulesName,
    handlers: {
      async plan(ctx: ObjectContext, message: ScheduleMessage): Promise<void> {
        const plan = { ...message, version: ctx.rand.uuidv4() }
        ctx.set('plan', plan)
        arm(ctx, plan, await ctx.date.now())
      },
      async tick(ctx: ObjectContext, version: string): Promise<void> {
        const plan = await ctx.get<Plan>('plan')
        if (plan?.version !== version) return
        const { session, everyMs, at, prompt, by, schema } = plan
        // Named by when it was due, so that it is asked once, whatever happens here.
        const id = `${ctx.key}/${new Date(at).toISOString()}`
        sendTurn(restate, ctx, session, { id, prompt, by, schema })
        const now = await ctx.date.now()
        // After a pause of the fleet it is asked once, not as often as it would have been.
        const missed = Math.max(0, Math.floor((now - at) / everyMs))
        const next = { ...plan, at: at + (missed + 1) * everyMs }
        ctx.set('plan', next)
        arm(ctx, next, now)
      },
      async remove(ctx: ObjectContext): Promise<void> {
        ctx.clear('plan')
      },
      next: restate.handlers.object.shared(async (ctx: ObjectSharedContext): Promise<number | null> => {
        return (await ctx.get<Plan>('plan'))?.at ?? null
      }),
    },
  })
}
