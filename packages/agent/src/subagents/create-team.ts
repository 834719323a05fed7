import { onAbort, type ToolUseBlock, type UserMessageParam } from '@enjamb/core'
import type { ToolContext } from '@enjamb/tools'
import type { TaskInput } from '@enjamb/tools/code'
import type { HookRunner } from '../hooks/create-hooks.ts'
import type { PendingEntry, PromptEntry, SpawnEntry } from '../journal/entry.ts'
import type { Journal } from '../journal/journal.ts'
import type { SessionStore } from '../journal/session-store.ts'
import type { Session } from '../session/session.ts'
import { toTheEnd } from '../session/to-the-end.ts'
import type { Pending } from '../turn/agent-event.ts'
import { type Billed, billedAfter } from './billed.ts'
import { pastWork } from './past-work.ts'
import { reportOf } from './report-of.ts'
import { spendCap } from './spend-cap.ts'
import type { Subagent } from './subagent.ts'
import { taskTool } from './task-tool.ts'
import type { Team, TeamSettings } from './team.ts'

/** What a team works for. */
export interface TeamOptions extends TeamSettings {
  sessionId: string
  journal: Journal
  store: SessionStore
  hooks: HookRunner
  /** Gets the reports of those in the background. */
  reports: PromptEntry[]
  /** Opens the session of a sub-agent, which may do what its asker may, and no more. */
  open(child: ChildOptions): Promise<Session>
}

/** A sub-agent that is to begin, or to go on. */
export interface ChildOptions {
  agent: Subagent
  spawn: SpawnEntry
  parent: { id: string; seq: number }
  title: string | undefined
  /** That the call asks for. */
  model?: string | undefined
  /** Gets each request of its, when it is paid. */
  onSpend(billed: Billed): void
}

/** What one works on. */
interface Piece {
  prompt: UserMessageParam['content']
  /** In a few words. */
  title?: string | undefined
  model?: string | undefined
  budget: ToolContext['budget']
}

/** One at work. */
interface Work {
  stop(reason: unknown): void
  ended: Promise<unknown>
}

const promptId = 'task'

/** Makes the sub-agents of a session. Each has a journal of its own, of which the session's own knows by its `spawn` entry. */
export function createTeam(options: TeamOptions): Team {
  const { sessionId, journal, store, hooks, reports, open, agents, places } = options
  const { state } = journal
  const waiting = new Map<string, readonly PendingEntry[]>()
  const foreground = new Set<Work>()
  const background = new Map<string, Work>()

  /** Lets a sub-agent work until it has a report, or waits for somebody. */
  async function work(
    spawn: SpawnEntry,
    { prompt, title, model, budget }: Piece,
    signal: AbortSignal,
  ): Promise<string> {
    const agent = agents.find(({ name }) => name === spawn.agent)
    if (!agent) throw new Error(`There is no sub-agent "${spawn.agent}" any more.`)
    const written: Promise<void>[] = []
    const onSpend = (billed: Billed) => {
      written.push(journal.append({ type: 'spent', id: spawn.id, ...billed }).catch(() => {}))
    }
    // What it had spent when a crash kept it from being written here.
    for (const billed of await billedAfter(store, spawn.session, state.charges.get(spawn.id) ?? 0)) onSpend(billed)
    const child = await open({ agent, spawn, title, model, onSpend, parent: { id: sessionId, seq: state.lastSeq } })
    try {
      for (const { id } of child.pending) {
        const decision = state.decisions.get(id)
        if (decision) await child.decide(id, decision)
      }
      const { maxCost } = agent
      const cap = maxCost === undefined ? budget : spendCap(maxCost, { spent: child.cost, within: budget })
      const options = { signal, budget: cap }
      const result = await toTheEnd(child, { id: promptId, prompt }, options)
      const { status, text, pending } = result
      waiting.set(spawn.id, status === 'waiting' ? pending.map((call) => toEntry(call, spawn)) : [])
      if (status === 'waiting') return reportOf(result)
      const subject = { agent: spawn.agent, session: spawn.session, status, text }
      const added = await hooks.contexts('subagentStop', subject, { sessionId, signal })
      return reportOf(result, added)
    } finally {
      await child.close()
      await Promise.all(written)
    }
  }

  async function inForeground(spawn: SpawnEntry, piece: Piece, signal: AbortSignal): Promise<string> {
    const controller = new AbortController()
    const stop = (reason: unknown) => controller.abort(reason)
    const forget = onAbort(signal, () => stop(signal.reason))
    if (signal.aborted) stop(signal.reason)
    const result = work(spawn, piece, controller.signal)
    const own: Work = { stop, ended: result.catch(() => {}) }
    foreground.add(own)
    try {
      return await result
    } finally {
      foreground.delete(own)
      forget()
    }
  }

  /** Resolves when its report is there; where too many are at work, it is left for later. */
  async function inBackground(spawn: SpawnEntry, piece: Piece): Promise<void> {
    const free = places.take()
    const controller = new AbortController()
    const result = work(spawn, piece, controller.signal)
      .catch((error) => String(Object(error).message ?? error))
      .then((text) => {
        free()
        report(spawn, text)
        background.delete(spawn.session)
      })
    background.set(spawn.session, { stop: (reason) => controller.abort(reason), ended: result })
    await result
  }

  function report({ agent, session }: SpawnEntry, text: string): void {
    const id = reportId(session)
    if (state.prompts.has(id) || reports.some((one) => one.id === id)) return
    const content = `The sub-agent ${agent} that worked in the background as ${session} reports:\n\n${text}`
    reports.push({ type: 'prompt', id, content, by: `sub-agent ${agent}` })
  }

  async function run(input: TaskInput, { toolUseId: id, budget, signal }: ToolContext): Promise<string> {
    const { subagent_type: name, description: title, prompt, model, run_in_background = false } = input
    if (!agents.some((agent) => agent.name === name)) {
      throw new Error(`There is no sub-agent "${name}"; there are: ${agents.map(({ name }) => name).join(', ')}.`)
    }
    const known = state.spawns.get(id)
    const free = places.take()
    try {
      const isBackground = run_in_background && { background: true }
      const session = known?.session ?? crypto.randomUUID()
      const spawn = known ?? { type: 'spawn', id, agent: name, session, ...isBackground }
      let all = prompt
      if (!known) {
        const { contexts, refuse } = await hooks.subagentStart({ agent: name, session, prompt }, { sessionId, signal })
        if (refuse !== undefined) throw new Error(`The sub-agent did not begin: ${refuse}`)
        all = [prompt, ...contexts].join('\n\n')
        await journal.append(spawn)
      }
      const piece = { prompt: all, title, model, budget }
      if (!spawn.background) return await inForeground(spawn, piece, signal)
      free()
      if (!background.has(spawn.session)) inBackground(spawn, piece).catch(() => {})
      return `It works in the background as ${spawn.session}.`
    } finally {
      free()
    }
  }

  return {
    tool: taskTool(agents, run) as Team['tool'],
    waitingBelow: (callId) => waiting.get(callId) ?? [],
    async wake(budget) {
      for (const spawn of state.spawns.values()) {
        const { session } = spawn
        const isOver = state.prompts.has(reportId(session)) || reports.some(({ id }) => id === reportId(session))
        if (!spawn.background || background.has(session) || isOver) continue
        const past = await pastWork(store, session, promptId)
        if (!past) report(spawn, 'It was not begun, as the process ended before.')
        else {
          const going = inBackground(spawn, { prompt: past.prompt, budget }).catch(() => {})
          if (past.ended) await going
        }
      }
    },
    halt(reason) {
      for (const work of foreground) work.stop(reason)
    },
    async rested() {
      while (foreground.size) await Promise.all([...foreground].map(({ ended }) => ended))
    },
    async settled() {
      while (background.size) await Promise.all([...background.values()].map(({ ended }) => ended))
    },
    async stop(reason) {
      const all = [...foreground, ...background.values()]
      for (const work of all) work.stop(reason)
      await Promise.all(all.map(({ ended }) => ended))
    },
  }
}

/** One sub-agent reports once. */
function reportId(session: string): string {
  return `report-${session}`
}

function toEntry({ id, name, input, hash, kind, data, session }: Pending, spawn: SpawnEntry): PendingEntry {
  const call = { type: 'tool_use', id, name, input } as ToolUseBlock
  return {
    type: 'pending',
    id,
    call,
    hash,
    kind,
    session: session ?? spawn.session,
    ...(data !== undefined && { data }),
  }
}
