import type { ToolUseBlock, UserMessageParam } from '@enjamb/core'
import type { ToolContext } from '@enjamb/tools'
import type { PendingEntry, SpawnEntry } from '../../journal/entry.ts'
import { toTheEnd } from '../../session/to-the-end.ts'
import type { Pending } from '../../turn/agent-event.ts'
import { sessionCap } from '../session-cap.ts'
import type { SpendCap } from '../spend-cap.ts'
import type { TeamOptions } from '../team-options.ts'
import { type Billed, billedAfter } from './billed.ts'
import { reportOf } from './report-of.ts'

/** What a sub-agent works on. */
export interface Piece {
  prompt: UserMessageParam['content']
  /** In a few words. */
  title?: string | undefined
  model?: string | undefined
  budget: ToolContext['budget']
}

/** Of the prompt that it begins with. */
export const promptId = 'task'

/**
 * Lets a sub-agent work until it has a report, or waits for somebody.
 *
 * @param onWaiting gets the calls that wait, none where it has ended
 * @throws {Error} for the model: it has come to no report
 */
export async function runChild(
  { sessionId, journal, store, hooks, open, agents }: TeamOptions,
  spawn: SpawnEntry,
  { prompt, title, model, budget }: Piece,
  signal: AbortSignal,
  onWaiting: (calls: readonly PendingEntry[]) => void,
): Promise<string> {
  const { state } = journal
  const { id, session } = spawn
  const agent = agents.find(({ name }) => name === spawn.agent)
  if (!agent) throw new Error(`There is no sub-agent "${spawn.agent}" any more.`)
  const written: Promise<void>[] = []
  const onSpend = (billed: Billed) => {
    written.push(journal.append({ type: 'spent', id, session, ...billed }).catch(() => {}))
  }
  // What it had spent when a crash kept it from being written here.
  for (const billed of await billedAfter(store, session, state.charges.get(session) ?? 0)) onSpend(billed)
  const parent = { id: sessionId, seq: state.lastSeq }
  const { session: child, journal: own } = await open({ agent, spawn, title, model, onSpend, parent })
  let cap: SpendCap | undefined
  try {
    for (const call of child.pending) {
      const decision = state.decisions.get(idHere(call, session))
      if (decision) await child.decide(call.id, decision)
    }
    if (agent.maxCost !== undefined) cap = await sessionCap(agent.maxCost, own, { within: budget })
    const result = await toTheEnd(child, { id: promptId, prompt }, { signal, budget: cap ?? budget })
    const { status, text, pending } = result
    onWaiting(status === 'waiting' ? pending.map((call) => toEntry(call, session)) : [])
    if (status === 'waiting') return reportOf(result)
    const subject = { agent: spawn.agent, session, status, text }
    return reportOf(result, await hooks.contexts('subagentStop', subject, { sessionId, signal }))
  } finally {
    await cap?.settled().catch(() => {})
    await child.close()
    await Promise.all(written)
  }
}

/** By which a call of a sub-agent is decided about where it was asked from: some gateways count calls from 1 in each session. */
function idHere({ id, session }: Pending, child: string): string {
  return session === undefined ? `${child}/${id}` : id
}

function toEntry(pending: Pending, child: string): PendingEntry {
  const { id, name, input, hash, kind, data, session = child } = pending
  const call = { type: 'tool_use', id, name, input } as ToolUseBlock
  const more = data !== undefined && { data }
  return { type: 'pending', id: idHere(pending, child), call, hash, kind, session, ...more }
}
