import type { Agent } from '../create-agent.ts'
import { parsePosition } from '../live/position.ts'
import type { Session } from '../session/session.ts'
import type { Turn } from '../turn/turn.ts'
import { eventStream } from './event-stream.ts'
import { jsonResponse } from './json-response.ts'
import type { Hold, OpenSessions } from './open-sessions.ts'
import { type PromptRequest, parseDecision, parseInterrupt, parsePrompt } from './parse-request.ts'
import { readBody } from './read-body.ts'
import { Refusal } from './refusal.ts'
import type { SessionAction } from './route-of.ts'
import type { HandlerSettings } from './session-handler-options.ts'
import { readState, stateOf } from './session-state.ts'

/** Answers a request that may be made. */
type Act = (id: string, request: Request, by: string | undefined) => Promise<Response>

/**
 * What can be done with the sessions of an agent.
 *
 * @param closing ends those who follow
 */
export function sessionActions(
  agent: Agent,
  sessions: OpenSessions,
  settings: HandlerSettings,
  closing: AbortSignal,
): Record<SessionAction, Act> {
  const { maxBodyBytes, onError, waitUntil } = settings

  /** Goes on with a turn, whoever reads it. */
  function drive(turn: Turn, hold: Hold): void {
    const result = turn.final()
    hold(result)
    waitUntil(result.catch(onError))
  }

  return {
    async state(id) {
      const open = await sessions.find(id)?.catch(() => undefined)
      return jsonResponse(200, open ? stateOf(open) : await readState(agent.store, id))
    },
    async events(id, request) {
      const after = request.headers.get('last-event-id') || new URL(request.url).searchParams.get('after') || undefined
      checkPosition(after)
      // Whether there is one: that its events say so would be too late for a status.
      for await (const _ of agent.store.read(id, parsePosition(after).seq)) break
      const events = agent.events(id, { after, signal: closing })
      return new Response(eventStream(events, { ...settings, signal: request.signal }), {
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
