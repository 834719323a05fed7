import { checkOptions, type UserMessageParam } from '@enjamb/core'
import type { JSONSchema } from '@enjamb/tools'
import { FleetError } from '../errors/fleet-error.ts'
import { followSession } from '../follow/follow-session.ts'
import type { SessionState } from '../handler/session-state.ts'
import { leavable } from '../live/leavable.ts'
import { pause } from '../live/pause.ts'
import type { EventsOptions, SessionEvent } from '../live/session-event.ts'
import type { Decision } from '../session/session.ts'
import { callEngine, type EngineSettings } from './call-engine.ts'
import type { FleetResult, TurnMessage } from './messages.ts'
import { schedulesName, sessionsName } from './messages.ts'

/** Options of {@link fleetClient}. */
export interface FleetClientOptions extends Omit<EngineSettings, 'url'> {
  /**
   * Where `createSessionHandler` serves the sessions of the workers, as `https://workers/sessions`: `follow` then reads there, which
   * takes less than asking through the engine, and shows the pieces of replies where that worker is the one at work.
   */
  sessionsUrl?: string | URL | undefined
  /** How long the engine may be away before a call fails that can be made again, in milliseconds. Default 30,000. */
  patienceMs?: number | undefined
}

/** What a prompt of a fleet takes. */
export interface FleetSendOptions {
  /** The sender's key: sent twice, it is one prompt. Default a new one. */
  id?: string | undefined
  /** Who asks, for the record. */
  by?: string | undefined
  /** A form that the answer has to fit: the result then has a `value`. */
  schema?: JSONSchema | undefined
  /** When it is to be asked. Default now. */
  at?: Date | undefined
}

/** A prompt that the engine has, and keeps until it is answered. */
export interface FleetTurn {
  readonly id: string
  /**
   * What its turn came to. A connection that breaks meanwhile is made anew.
   *
   * @throws what the turn has failed with; {@link FleetError}
   */
  final(signal?: AbortSignal): Promise<FleetResult>
}

/** The sessions of a fleet, from anywhere. All of it throws {@link FleetError}. */
export interface FleetClient {
  /** Asks, behind what was sent to the session before. It resolves when the engine has it for certain. */
  send(session: string, prompt: UserMessageParam['content'], options?: FleetSendOptions): Promise<FleetTurn>
  /** Sends the same prompt every so often, until `unschedule`. A name that is there is replaced. */
  schedule(
    name: string,
    session: string,
    prompt: UserMessageParam['content'],
    options: Omit<FleetSendOptions, 'id'> & { everyMs: number },
  ): Promise<void>
  unschedule(name: string): Promise<void>
  /**
   * Decides about a call that waits; the decision is in the journal when it resolves, and the turn goes on.
   *
   * @throws {ConfigError} as `session.decide`
   */
  decide(session: string, call: string, decision: Decision): Promise<void>
  /** Ends the turn that is under way, also one that waits or is parked. Says whether there was one. */
  interrupt(session: string, reason?: string): Promise<boolean>
  /** @throws {SessionNotFoundError} */
  state(session: string): Promise<SessionState>
  /** Goes on with what nobody has asked to go on, as a session that was brought from elsewhere. */
  resume(session: string): Promise<FleetResult | undefined>
  /** Has a turn tried again that was parked. Says whether there was one. */
  retry(session: string): Promise<boolean>
  /**
   * What happens in a session: each fact once, wherever it is worked on, and pieces of replies where a worker has them at hand.
   * Workers that die and an engine that is away are waited for; so is a session that this client has sent its first prompt to.
   */
  follow(session: string, options?: EventsOptions): AsyncIterable<SessionEvent>
}

const longestConnectMs = 15_000

/**
 * Reaches the sessions of a fleet through its engine.
 *
 * @param ingressUrl of the engine, as `http://localhost:8080`
 * @throws {ConfigError} there is no such option
 * @example
 * const fleet = fleetClient('http://localhost:8080')
 * const turn = await fleet.send('mail-42', 'Which of these are urgent?', { id: 'mail-42/1' })
 * console.log((await turn.final()).text)
 */
export function fleetClient(ingressUrl: string | URL, options: FleetClientOptions = {}): FleetClient {
  checkOptions('fleetClient', options, ['headers', 'fetch', 'sessionsUrl', 'patienceMs'])
  const { patienceMs = 30_000, sessionsUrl, ...rest } = options
  const settings = { ...rest, url: String(ingressUrl).replace(/\/+$/, '') }
  const never = new AbortController().signal
  /** Sessions that were sent a prompt, and may not have begun. */
  const begins = new Set<string>()

  /** Calls a handler, again and again while the engine is away: of all that is called here, twice is once. */
  async function call(path: string, request: Parameters<typeof callEngine>[2] = {}): Promise<unknown> {
    let ms = 50
    for (let waitedMs = 0; ; ms = Math.min(ms * 2, 1_000)) {
      const began = performance.now()
      try {
        return await callEngine(settings, path, request)
      } catch (error) {
        // The engine was there, for longer than anybody waits for a connection, before it went away.
        if (performance.now() - began > longestConnectMs) waitedMs = 0
        const { signal = never } = request
        const isAway = error instanceof FleetError && error.retryable
        if (!isAway || signal.aborted || waitedMs >= patienceMs) throw error
        // Not all who were cut off together come back together.
        const waitMs = ms * (0.5 + Math.random() / 2)
        waitedMs += waitMs
        await pause(waitMs, signal)
      }
    }
  }

  const handlerOf = (name: string, key: string, handler: string) => `/${name}/${encodeURIComponent(key)}/${handler}`
  const ask = (session: string, handler: string, body?: unknown, signal?: AbortSignal) =>
    call(handlerOf(sessionsName, session, handler), { body, signal })

  async function attach(invocation: string, signal: AbortSignal = never): Promise<FleetResult> {
    return (await call(`/restate/invocation/${invocation}/attach`, { method: 'GET', signal })) as FleetResult
  }

  /** Events behind a place: those of one answer of the engine's, or of the workers until somebody leaves. */
  async function* read(session: string, after: string | undefined, signal: AbortSignal): AsyncGenerator<SessionEvent> {
    if (sessionsUrl === undefined) {
      yield* (await ask(session, 'events', { after, waitMs: 5_000 }, signal)) as SessionEvent[]
    } else {
      const url = `${String(sessionsUrl).replace(/\/+$/, '')}/${encodeURIComponent(session)}`
      yield* followSession(url, { ...rest, after, signal })
    }
  }

  async function* follow(session: string, after: string | undefined, { signal }: AbortController) {
    let position = after
    while (!signal.aborted) {
      try {
        for await (const event of read(session, position, signal)) {
          begins.delete(session)
          position = event.position
          yield event
        }
      } catch (error) {
        if (signal.aborted) return
        const { code, reason } = Object(error)
        if (!begins.has(session) || ![code, reason].includes('session_not_found')) throw error
        await pause(100, signal)
      }
    }
  }

  return {
    async send(session, prompt, { id = crypto.randomUUID(), by, schema, at } = {}) {
      const message: TurnMessage = { id, prompt, by, schema }
      const delay = at === undefined ? '' : `?delay=${Math.max(0, at.getTime() - Date.now())}ms`
      const path = `${handlerOf(sessionsName, session, 'turn')}/send${delay}`
      const { invocationId } = Object(await call(path, { body: message, headers: { 'idempotency-key': id } }))
      begins.add(session)
      return { id, final: (signal) => attach(invocationId, signal) }
    },
    async schedule(name, session, prompt, { everyMs, at = new Date(), by, schema }) {
      const body = { session, id: name, prompt, by, schema, everyMs, at: at.getTime() }
      await call(handlerOf(schedulesName, name, 'plan'), { body })
    },
    async unschedule(name) {
      await call(handlerOf(schedulesName, name, 'remove'))
    },
    async decide(session, id, decision) {
      await ask(session, 'decide', { call: id, decision })
    },
    interrupt: async (session, reason) => (await ask(session, 'interrupt', reason)) as boolean,
    state: async (session) => (await ask(session, 'state')) as SessionState,
    resume: async (session) => (await ask(session, 'turn', { id: '' })) as FleetResult | undefined,
    retry: async (session) => (await ask(session, 'retry')) as boolean,
    follow: (session, { after, signal } = {}) =>
      leavable((leave) => {
        const end = () => leave.abort()
        if (signal?.aborted) end()
        signal?.addEventListener('abort', end, { once: true })
        return follow(session, after === undefined ? undefined : String(after), leave)
      }),
  }
}
