import type { OutputSchema } from '@enjamb/chat'
import type { UserMessageParam } from '@enjamb/core'
import { SessionBusyError } from '../errors/session-busy-error.ts'
import { pause } from '../live/pause.ts'
import type { TurnResult } from '../turn/turn-result.ts'
import type { SessionOptions } from './open-session.ts'
import type { Session, TurnOptions } from './session.ts'

/** What {@link resumeTurn} takes. */
export interface ResumeOptions extends TurnOptions<OutputSchema> {
  /**
   * What is asked where it has not been asked yet, under its sender's key. A session that is not there is begun. Default: what is
   * there goes on.
   */
  prompt?: { id: string; content: UserMessageParam['content']; by?: string | undefined } | undefined
  /** How long to wait for somebody else who writes the session, in milliseconds. Default 0: that is the engine's to try again. */
  busyMs?: number | undefined
  /** Gives up that waiting, and nothing else. */
  leave?: AbortSignal | undefined
  /** Who opens it, in words for whoever finds it busy. */
  owner?: string | undefined
}

/**
 * Has a session do what is left to do, for an engine that calls at least once and anywhere: a turn that its process did not
 * end goes on, the prompt is asked, what sub-agents reported in the background is heard, and the session is closed again.
 * Called again, also after its own end and elsewhere, it gives the same result and does nothing twice.
 *
 * @returns what the turn came to, or that it is `waiting`; `undefined` without a prompt, where nothing was ever asked
 * @throws {SessionBusyError} somebody else writes the session: call again
 * @throws {SessionNotFoundError} there is none, and no prompt to begin it with
 * @throws whatever a turn throws: call again where its `retryable` says so
 * @example
 * queue.process(async ({ data }) => resumeTurn(agent, data.session, { prompt: { id: data.id, content: data.text } }))
 */
export async function resumeTurn(
  agent: { session(options: SessionOptions): Promise<Session> },
  sessionId: string,
  { prompt, busyMs = 0, leave, owner, ...turn }: ResumeOptions = {},
): Promise<TurnResult<unknown> | undefined> {
  const resume = prompt ? 'if-exists' : true
  const session = await whenFree(() => agent.session({ id: sessionId, resume, owner }), busyMs, leave)
  try {
    const asked = prompt ?? (await lastAsked(session))
    return asked && (await finishTurn(session, asked, turn))
  } finally {
    await session.close()
  }
}

/**
 * Opens a session as soon as nobody else writes it.
 *
 * @throws {SessionBusyError} somebody does for longer than that
 */
export async function whenFree(
  open: () => Promise<Session>,
  busyMs: number,
  leave: AbortSignal = new AbortController().signal,
): Promise<Session> {
  const until = performance.now() + busyMs
  for (let ms = 20; ; ms = Math.min(ms * 2, 500)) {
    try {
      return await open()
    } catch (error) {
      if (!(error instanceof SessionBusyError) || leave.aborted || performance.now() >= until) throw error
    }
    await pause(ms, leave)
  }
}

/** Asks, where it has not been asked, and goes on until nothing is left to do, also of what works in the background. */
export async function finishTurn(
  session: Session,
  { id, content, by }: NonNullable<ResumeOptions['prompt']>,
  given: TurnOptions<OutputSchema>,
): Promise<TurnResult<unknown>> {
  // With a schema or without one, it is asked in one way.
  const options = given as TurnOptions
  for (let turn = session.send(content, { ...options, id, by }); ; ) {
    const result = await turn.final()
    if (result.status !== 'completed') return result
    await session.settled()
    const next = options.signal?.aborted ? undefined : session.continue(options)
    if (!next) return result
    turn = next
  }
}

/** The prompt that the last turn began with. */
async function lastAsked(session: Session): Promise<ResumeOptions['prompt']> {
  let last: ResumeOptions['prompt']
  let isOpen = false
  for await (const entry of session.entries()) {
    if (entry.type === 'prompt' && !isOpen) last = entry
    if (entry.type === 'prompt') isOpen = true
    else if (entry.type === 'turn') isOpen = entry.status === 'waiting'
  }
  return last
}
