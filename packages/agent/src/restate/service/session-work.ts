import { startTimer } from '@enjamb/core'
import type { Agent } from '../../create-agent.ts'
import { finishTurn, resumeTurn, whenFree } from '../../session/resume-turn.ts'
import type { Decision, Session } from '../../session/session.ts'
import { type FleetResult, type Parked, type TurnMessage, toFleetResult } from '../messages.ts'
import { countTry } from './count-try.ts'

/** How a worker works on sessions. */
export interface WorkSettings {
  /** How long one turn may take. */
  timeoutMs: number
  /** How often a turn is tried in a row. */
  maxAttempts: number
  /** Who this worker is, in words. */
  owner: string | undefined
}

/** What is done with one session, by one attempt of the engine's. Each of it may be done again, and is done once. */
export interface Attempt {
  id: string
  /** The engine has given this attempt up: another one is made, here or elsewhere. */
  left: AbortSignal
}

/** Asks, or goes on, whatever it was that ended the attempt before; unless there were too many. */
export async function askOnce(
  agent: Agent,
  { timeoutMs, maxAttempts, owner }: WorkSettings,
  { id, left }: Attempt,
  { prompt, schema, ...message }: TurnMessage,
  controller: AbortController,
): Promise<FleetResult | Parked | undefined> {
  const stop = startTimer(timeoutMs, () => controller.abort(`the turn took longer than ${timeoutMs} ms`))
  const { signal } = controller
  try {
    // An attempt that was given up may still be at work, and will have its end in the journal.
    if (prompt === undefined) {
      const result = await resumeTurn(agent, id, { busyMs: timeoutMs, leave: left, owner, signal })
      return result && toFleetResult(result)
    }
    await using session = await whenFree(() => agent.session({ id, resume: 'if-exists', owner }), timeoutMs, left)
    const parked = await countTry(session, message.id, maxAttempts)
    if (parked !== undefined) return { parked, since: Date.now() }
    return toFleetResult(await finishTurn(session, { ...message, content: prompt }, { schema, signal }))
  } finally {
    stop()
  }
}

/**
 * Writes a decision down.
 *
 * @throws {ConfigError} no such call waits, and none has been decided so
 */
export async function decideOnce(
  agent: Agent,
  { timeoutMs, owner }: WorkSettings,
  { id, left }: Attempt,
  call: string,
  decision: Decision,
): Promise<void> {
  await using session = await whenFree(() => agent.session({ id, resume: true, owner }), timeoutMs, left)
  if (!session.pending.some((one) => one.id === call) && (await isDecided(session, call, decision))) return
  await session.decide(call, decision)
}

/** Ends a turn that waits: what it waits for is refused. */
export async function refuseOnce(
  agent: Agent,
  { timeoutMs, owner }: WorkSettings,
  { id, left }: Attempt,
  reason: string,
): Promise<FleetResult | undefined> {
  await using session = await whenFree(() => agent.session({ id, resume: true, owner }), timeoutMs, left)
  for (const call of session.pending) await session.decide(call.id, { allow: false, reason })
  const result = await session.continue({ signal: AbortSignal.abort(reason) })?.final()
  return result && toFleetResult(result)
}

/** Whether that very decision stands in the journal: the answer to it was lost. */
async function isDecided(session: Session, call: string, decision: Decision): Promise<boolean> {
  for await (const entry of session.entries()) {
    if (entry.type !== 'decision' || entry.id !== call) continue
    return entry.allow === (decision.allow ?? true) && entry.by === decision.by
  }
  return false
}
