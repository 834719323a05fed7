import { onAbort } from '@enjamb/core'
import type { ToolContext } from '@enjamb/tools'
import type { TaskInput } from '@enjamb/tools/code'
import type { PendingEntry, SpawnEntry } from '../journal/entry.ts'
import { pastWork } from './child/past-work.ts'
import { type Piece, promptId, runChild } from './child/run-child.ts'
import { taskTool } from './task-tool.ts'
import type { Team } from './team.ts'
import type { TeamOptions } from './team-options.ts'

/** One at work. */
interface Work {
  stop(reason: unknown): void
  ended: Promise<unknown>
}

/** Makes the sub-agents of a session. Each has a journal of its own, of which the session's own knows by its `spawn` entry. */
export function createTeam(options: TeamOptions): Team {
  const { sessionId, journal, store, hooks, reports, agents, places } = options
  const { state } = journal
  const waiting = new Map<string, readonly PendingEntry[]>()
  const foreground = new Set<Work>()
  const background = new Map<string, Work>()

  const work = (spawn: SpawnEntry, piece: Piece, signal: AbortSignal) =>
    runChild(options, spawn, piece, signal, (calls) => waiting.set(spawn.id, calls))

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

  function hasReported(session: string): boolean {
    const id = reportId(session)
    return state.prompts.has(id) || reports.some((one) => one.id === id)
  }

  /** What a call has begun before a crash; of another turn, it is of another call. */
  function begunBy(callId: string): SpawnEntry | undefined {
    const from = state.turn?.seq ?? 0
    return [...state.spawns.values()].find(({ id, seq }) => id === callId && seq >= from)
  }

  function report({ agent, session }: SpawnEntry, text: string): void {
    const id = reportId(session)
    // The session may have gone back to before it began.
    if (!state.spawns.has(session) || hasReported(session)) return
    const content = `The sub-agent ${agent} that worked in the background as ${session} reports:\n\n${text}`
    reports.push({ type: 'prompt', id, content, by: `sub-agent ${agent}` })
  }

  async function run(input: TaskInput, { toolUseId: id, budget, signal }: ToolContext): Promise<string> {
    const { subagent_type: name, description: title, prompt, model, run_in_background = false } = input
    if (!agents.some((agent) => agent.name === name)) {
      throw new Error(`There is no sub-agent "${name}"; there are: ${agents.map(({ name }) => name).join(', ')}.`)
    }
    const known = begunBy(id)
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
        if (!spawn.background || background.has(session) || hasReported(session)) continue
        const past = await pastWork(store, session, promptId)
        if (!past) report(spawn, 'It was not begun, as the process ended before.')
        // That of the session which this is a fork of: only there it is gone on with, and paid for.
        else if (past.asker !== undefined && past.asker !== sessionId)
          report(
            spawn,
            past.ended ? past.report : 'It works for the session that this one was forked from, and reports there.',
          )
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
