import { ConfigError, checkOptions } from '@enjamb/core'
import type { Agent } from '../create-agent.ts'
import { parsePosition } from '../live/position.ts'
import type { Session } from '../session/session.ts'
import type { Turn } from '../turn/turn.ts'
import { errorAnswer } from './error-answer.ts'
import { eventStream } from './event-stream.ts'
import { jsonResponse } from './json-response.ts'
import { createOpenSessions } from './open-sessions.ts'
import { type PromptRequest, parseDecision, parseInterrupt, parsePrompt } from './parse-request.ts'
import { readBody } from './read-body.ts'
import { Refusal } from './refusal.ts'
import { type Route, routeOf, type SessionAction } from './route-of.ts'
import { readState, stateOf } from './session-state.ts'

/** Options of {@link createSessionHandler}. */
export interface SessionHandlerOptions {
  /**
   * Decides whether a request may do what it asks for: `false` is a 403, and so is an error. `{ by }` names who asks, for the journal. It must leave
   * the request's body alone.
   */
  authorize(
    request: Request,
    asked: { id: string; action: SessionAction },
  ): boolean | { by?: string | undefined } | Promise<boolean | { by?: string | undefined }>
  /** Below which sessions are. Default `/sessions`. */
  path?: string | undefined
  /** The most bytes of a prompt or decision. Default 10 MiB. */
  maxBodyBytes?: number | undefined
  /** After how much silence something is sent to those who follow, in milliseconds. Default 15,000. */
  heartbeatMs?: number | undefined
  /** After how long a reader comes back whose connection broke, in milliseconds. Default 1,000. */
  retryMs?: number | undefined
  /** How long a session stays open after its turn, in milliseconds, so that no other process can write it. Default 30,000. */
  keepMs?: number | undefined
  /** Is told of turns that fail, and of what is the server's fault. Default: nothing. */
  onError?: ((error: unknown) => void) | undefined
  /** Gets each turn, where the platform stops what goes on after an answer, as workers do. */
  waitUntil?: ((turn: Promise<unknown>) => void) | undefined
}

/** Answers requests. */
export interface SessionHandler {
  (request: Request): Promise<Response>
  /** Ends those who follow, interrupts turns, and closes the sessions. */
  close(): Promise<void>
}

const defaults = {
  path: '/sessions',
  maxBodyBytes: 10 * 2 ** 20,
  heartbeatMs: 15_000,
  retryMs: 1_000,
  keepMs: 30_000,
  onError: (_error: unknown): void => {},
  waitUntil: (_turn: Promise<unknown>): void => {},
}

const optionNames = ['authorize', ...Object.keys(defaults)]

/**
 * Serves an agent's sessions to pages and other programs; `followSession` is its other side. It takes and gives what `fetch` does, so
 * that it runs wherever that is; `toNodeListener` of `@enjamb/agent/node` puts it into a server of Node.
 *
 * | | below `/sessions/<id>` |
 * |---|---|
 * | `POST …/prompt` | `{ prompt, id?, when? }`: asks, as `session.send`; a session that is not there is begun. With the same `id` it is one prompt |
 * | `POST …/decide` | `{ id, allow?, input?, reason?, always?, content?, hash? }`: as `session.decide` |
 * | `POST …/interrupt` | `{ reason? }`: ends the turn, and the request to the API with it |
 * | `GET …/events` | `agent.events` as server-sent events, behind `Last-Event-ID` or `?after=` |
 * | `GET …` | its status, what waits, usage and cost |
 *
 * A turn goes on whoever reads. Errors are `{ error: { code, message } }` and a status: 409 where another process writes the
 * session (with `holder`), or the session is not where the request thinks.
 *
 * @throws {ConfigError} `authorize` is missing, or there is no such option
 * @example
 * const handler = createSessionHandler(agent, { authorize: (request, { id }) => mayUse(userOf(request), id) })
 * createServer(toNodeListener(handler)).listen(8080)
 */
export function createSessionHandler(agent: Agent, options: SessionHandlerOptions): SessionHandler {
  checkOptions('createSessionHandler', options, optionNames)
  const { authorize } = options
  if (typeof authorize !== 'function') {
    throw new ConfigError('authorize must be a function: it decides who may read and prompt which session.')
  }
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  const { path, maxBodyBytes, heartbeatMs, retryMs, keepMs, onError, waitUntil } = { ...defaults, ...given }
  const sessions = createOpenSessions(agent.session, keepMs, onError)
  const closing = new AbortController()

  /** @returns who asks */
  async function admit(request: Request, asked: Route): Promise<string | undefined> {
    // What it throws says how the server decides.
    const may = await decide(request, asked).catch(onError)
    if (may === true) return undefined
    if (typeof may === 'object' && may) return may.by
    throw new Refusal(403, 'forbidden', 'That is not allowed.')
  }

  async function decide(request: Request, asked: Route) {
    return authorize(request, asked)
  }

  /** Goes on with a turn, whoever reads it. */
  function drive(turn: Turn, hold: (work: Promise<unknown>) => void): void {
    const result = turn.final()
    hold(result)
    waitUntil(result.catch(onError))
  }

  const actions: Record<SessionAction, (id: string, request: Request, by?: string) => Promise<Response>> = {
    async state(id) {
      const open = await sessions.find(id)?.catch(() => undefined)
      return jsonResponse(200, open ? stateOf(open) : await readState(agent.store, id))
    },
    async events(id, request) {
      const after = request.headers.get('last-event-id') || new URL(request.url).searchParams.get('after') || undefined
      checkPosition(after)
      // Whether there is one: that its events say so would be too late for a status.
      for await (const _ of agent.store.read(id)) break
      const events = agent.events(id, { after, signal: closing.signal })
      return new Response(eventStream(events, { heartbeatMs, retryMs, signal: request.signal, onError }), {
        headers: {
          'content-type': 'text/event-stream',
          'cache-control': 'no-cache, no-transform',
          'x-accel-buffering': 'no',
          'x-content-type-options': 'nosniff',
        },
      })
    },
    async prompt(id, request, by) {
      const { prompt, ...sent } = parsePrompt(await readBody(request, maxBodyBytes))
      return sessions.use(id, 'if-exists', async (session, hold) => {
        const { status } = session
        const turn = session.send(prompt, { ...sent, by })
        const written = isWritten(turn, sent, status)
        drive(turn, hold)
        await written
        return jsonResponse(202, { id: sent.id })
      })
    },
    async decide(id, request, by) {
      const { id: call, ...decision } = parseDecision(await readBody(request, maxBodyBytes))
      return sessions.use(id, true, async (session, hold) => {
        const turn = await session.decide(call, { ...decision, by })
        if (turn) drive(turn, hold)
        return jsonResponse(202, { id: call })
      })
    },
    async interrupt(id, request) {
      const reason = parseInterrupt(await readBody(request, maxBodyBytes))
      return sessions.use(id, true, async (session) => {
        await session.interrupt(reason)
        return jsonResponse(200, { status: session.status })
      })
    },
  }

  async function handle(request: Request): Promise<Response> {
    try {
      const { id, action } = routeOf(request, path)
      const by = await admit(request, { id, action })
      if (closing.signal.aborted) throw new Refusal(503, 'closing', 'The server is going down.', { 'retry-after': '1' })
      return await actions[action](id, request, by)
    } catch (error) {
      const { status, error: told, headers, isUnexpected } = errorAnswer(error)
      if (isUnexpected) onError(error)
      return jsonResponse(status, { error: told }, headers)
    }
  }

  return Object.assign(handle, {
    async close() {
      closing.abort()
      await sessions.close()
    },
  })
}

function checkPosition(after: string | undefined): void {
  try {
    parsePosition(after)
  } catch (error) {
    throw new Refusal(400, 'bad_request', (error as Error).message)
  }
}

/**
 * Resolves when a prompt is in the journal. Behind a turn that is under way, or where a crash has cut one off that comes
 * first, that may be long: then it is taken, and the events tell.
 *
 * @throws what the turn does before
 */
async function isWritten(turn: Turn, { id }: Pick<PromptRequest, 'id'>, status: Session['status']): Promise<void> {
  if (status === 'running') return
  for await (const event of turn) {
    if (status === 'interrupted' || (event.type === 'prompt' && event.id === id)) return
  }
}
