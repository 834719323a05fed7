import type { Entry } from '../../journal/entry.ts'
import { readRun } from '../run/read-run.ts'
import type { CallStep, Run } from '../run/run.ts'

/** What all parts of a page share. */
export interface TraceContext {
  /** The session of a sub-agent, where its entries were given. */
  childOf(session: string): Run | undefined
  /** Characters of one text. */
  maxChars: number
  /** Rows of their own are closed where there are very many. */
  isLarge: boolean
  /** Characters that pictures may still take. */
  pictures: number
}

const mostChars = 16_000
const leastChars = 2_000
/** Of all texts of a page together, unless each is at its least. */
const pageChars = 8_000_000
const pagePictures = 4_000_000
const largeCalls = 200

export function createTraceContext(run: Run, children: Readonly<Record<string, readonly Entry[]>>): TraceContext {
  const runs = new Map<string, Run | undefined>()
  const childOf = (session: string) => {
    const entries = Object.hasOwn(children, session) ? children[session] : undefined
    if (!runs.has(session)) runs.set(session, entries && readRun(entries))
    return runs.get(session)
  }
  const calls = runsIn(run, childOf).flatMap(callsOf).length
  return {
    childOf,
    maxChars: Math.min(mostChars, Math.max(leastChars, Math.floor(pageChars / Math.max(1, calls)))),
    isLarge: calls > largeCalls,
    pictures: pagePictures,
  }
}

/** A run and those of its sub-agents, however deep, each once. */
export function runsIn(run: Run, childOf: TraceContext['childOf']): Run[] {
  const runs = new Set([run])
  // A set gives what is added while it is gone through, too.
  for (const one of runs) {
    for (const { session } of callsOf(one).flatMap(({ children }) => children)) {
      const child = childOf(session)
      if (child) runs.add(child)
    }
  }
  return [...runs]
}

/** The calls of a run, without those of its sub-agents. */
export function callsOf({ turns }: Run): CallStep[] {
  return turns.flatMap(({ steps }) => steps.filter((step) => step.kind === 'call'))
}
