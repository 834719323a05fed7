import type { Agent } from '../create-agent.ts'
import { errorAnswer } from './error-answer.ts'
import { jsonResponse } from './json-response.ts'
import { createOpenSessions } from './open-sessions.ts'
import { Refusal } from './refusal.ts'
import { type Route, routeOf } from './route-of.ts'
import { sessionActions } from './session-actions.ts'
import { type SessionHandlerOptions, toHandlerSettings } from './session-handler-options.ts'

/** Answers requests. */
export interface SessionHandler {
  (request: Request): Promise<Response>
  /** Ends those who follow, interrupts turns, and closes the sessions. */
  close(): Promise<void>
}

/**
 * Serves an agent's sessions to pages and other programs; `followSession` is its other side. It takes and gives what `fetch`
 * does, so that it runs wherever that is; `toNodeListener` of `@enjamb/agent/node` puts it into a server of Node.
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
  const settings = toHandlerSettings(options)
  const { authorize, path, keepMs, onError } = settings
  const sessions = createOpenSessions((session) => agent.session(session), keepMs, onError)
  const closing = new AbortController()
  const actions = sessionActions(agent, sessions, settings, closing.signal)

  async function decide(request: Request, asked: Route) {
    return authorize(request, asked)
  }

  /** @returns who asks */
  async function admit(request: Request, asked: Route): Promise<string | undefined> {
    // What it throws says how the server decides.
    const may = await decide(request, asked).catch(onError)
    if (may === true) return undefined
    if (typeof may === 'object' && may) return may.by
    throw new Refusal(403, 'forbidden', 'That is not allowed.')
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
