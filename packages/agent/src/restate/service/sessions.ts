import type { ObjectContext, ObjectSharedContext, RestatePromise } from '@restatedev/restate-sdk'
import type { Agent } from '../../create-agent.ts'
import { readState, type SessionState } from '../../handler/session-state.ts'
import type { SessionEvent } from '../../live/session-event.ts'
import type { Restate } from '../load-sdk.ts'
import {
  type DecideMessage,
  type EventsMessage,
  type FleetResult,
  type Parked,
  sessionsName,
  type TurnMessage,
} from '../messages.ts'
import { collectEvents } from './collect-events.ts'
import { sendTurn } from './send-turn.ts'
import { askOnce, decideOnce, refuseOnce, type WorkSettings } from './session-work.ts'
import { telling } from './telling.ts'

/** How a worker works on sessions, and what the engine does about failures. */
export interface SessionsSettings extends WorkSettings {
  maxRetryMs: number
}

/** Sessions, each with its prompts in order: an object for each. */
export function sessionsObject(restate: Restate, agent: Agent, settings: SessionsSettings) {
  const { shared } = restate.handlers.object
  const attemptOf = (ctx: ObjectSharedContext) => ({ id: ctx.key, left: ctx.request().attemptCompletedSignal })
  const looking = { journalRetention: 0, inactivityTimeout: 120_000 }
  return restate.object({
    name: sessionsName,
    handlers: {
      // What waits, for its work or for somebody, is put aside by the engine, so that no worker has it in memory.
      turn: restate.handlers.object.exclusive({ inactivityTimeout: 500 }, (ctx: ObjectContext, message: TurnMessage) =>
        takeTurn(restate, agent, settings, ctx, message),
      ),
      work: shared((ctx: ObjectSharedContext, message: TurnMessage) => work(restate, agent, settings, ctx, message)),
      decide: shared(async (ctx: ObjectSharedContext, { call, decision }: DecideMessage): Promise<void> => {
        await ctx.run('decide', () =>
          telling(restate, () => decideOnce(agent, settings, attemptOf(ctx), call, decision)),
        )
        const turn = await ctx.get<string>('turn')
        if (turn)
          ctx
            .invocation(turn as never)
            .signal(`decided/${call}`)
            .resolve()
        // It waits for nobody's sake: what had asked is gone.
        else sendTurn(restate, ctx, ctx.key, { id: '' })
      }),
      interrupt: shared(async (ctx: ObjectSharedContext, reason?: string): Promise<boolean> => {
        const turn = await ctx.get<string>('turn')
        if (turn)
          ctx
            .invocation(turn as never)
            .signal('interrupt')
            .resolve(reason ?? 'somebody interrupted it')
        return turn !== null
      }),
      retry: shared(async (ctx: ObjectSharedContext): Promise<boolean> => {
        const [turn, parked] = [await ctx.get<string>('turn'), await ctx.get<{ signal: string }>('parked')]
        if (turn && parked)
          ctx
            .invocation(turn as never)
            .signal(parked.signal)
            .resolve()
        return parked !== null
      }),
      state: shared(looking, async (ctx: ObjectSharedContext): Promise<SessionState> => {
        const state = await telling(restate, () => readState(agent.store, ctx.key))
        const isBusy = state.status === 'interrupted' && (await ctx.get('turn')) !== null
        return isBusy ? { ...state, status: 'running' } : state
      }),
      events: shared(
        looking,
        (ctx: ObjectSharedContext, message: EventsMessage): Promise<SessionEvent[]> =>
          telling(restate, () => collectEvents(agent, ctx.key, message, attemptOf(ctx).left)),
      ),
    },
    options: {
      retryPolicy: {
        initialInterval: 50,
        exponentiationFactor: 2,
        maxInterval: settings.maxRetryMs,
        // Whether a turn is to be parked says its journal: as long as there is no worker, none of them is at fault.
        maxAttempts: 1_000_000,
        onMaxAttempts: 'pause',
      },
      // A turn says nothing to the engine before its end.
      inactivityTimeout: settings.timeoutMs + 60_000,
      abortTimeout: 60_000,
    },
  })
}

/** One prompt, from when it is its turn to its end; where calls wait for somebody, nothing here waits for them. */
async function takeTurn(
  restate: Restate,
  agent: Agent,
  settings: WorkSettings,
  ctx: ObjectContext,
  message: TurnMessage,
): Promise<FleetResult | undefined> {
  const { race } = restate.RestatePromise
  const attempt = { id: ctx.key, left: ctx.request().attemptCompletedSignal }
  ctx.set('turn', ctx.request().id)
  const interrupt = ctx.signal<string>('interrupt')
  /** The reason where it is interrupted before that. */
  const unless = (what: RestatePromise<unknown>) => race([what.map(() => undefined), interrupt.map((reason) => reason)])
  let tries = 0
  try {
    for (;;) {
      const turn = ctx.genericCall<TurnMessage, FleetResult | Parked | undefined>({
        service: sessionsName,
        method: 'work',
        key: ctx.key,
        parameter: message,
        inputSerde: restate.serde.json as never,
        outputSerde: restate.serde.json as never,
      })
      const reason = await unless(turn)
      if (reason !== undefined)
        ctx
          .invocation(await turn.invocationId)
          .signal('interrupt')
          .resolve(reason)
      const result = await turn
      const signal = awaited(result, ++tries)
      if (signal === undefined) {
        ctx.clear('turn')
        return result as FleetResult | undefined
      }
      if (result && 'parked' in result) ctx.set('parked', { ...result, signal })
      const given = reason ?? (await unless(ctx.signal(signal)))
      ctx.clear('parked')
      if (given === undefined) continue
      const ended = await ctx.run('refuse', () => telling(restate, () => refuseOnce(agent, settings, attempt, given)))
      if (!ended) throw new restate.TerminalError(`cancelled: ${given}`, { errorCode: 409 })
      ctx.clear('turn')
      return ended
    }
  } catch (error) {
    // Of all else the engine makes another attempt.
    if (error instanceof restate.TerminalError) ctx.clear('turn')
    throw error
  }
}

/** One try of a turn. A connection of the engine's is open as long as it lasts, so that it hears of an interruption. */
async function work(
  restate: Restate,
  agent: Agent,
  settings: WorkSettings,
  ctx: ObjectSharedContext,
  message: TurnMessage,
): Promise<FleetResult | Parked | undefined> {
  const attempt = { id: ctx.key, left: ctx.request().attemptCompletedSignal }
  const controller = new AbortController()
  const turn = ctx.run('turn', () => telling(restate, () => askOnce(agent, settings, attempt, message, controller)))
  const interrupt = ctx.signal<string>('interrupt')
  const reason = await restate.RestatePromise.race([turn.map(() => undefined), interrupt.map((reason) => reason)])
  if (reason !== undefined) controller.abort(reason)
  return turn
}

/** What a turn waits for that has not come to its end. */
function awaited(result: FleetResult | Parked | undefined, tries: number): string | undefined {
  if (result && 'parked' in result) return `retry/${tries}`
  return result?.status === 'waiting' ? `decided/${result.pending[0]!.id}` : undefined
}
