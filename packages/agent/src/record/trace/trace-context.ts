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
  const calls = callsIn(run, childOf).length
  return {
    childOf,
    maxChars: Math.min(mostChars, Math.max(leastChars, Math.floor(pageChars / Math.max(1, calls)))),
    isLarge: calls > largeCalls,
    pictures: pagePictures,
  }
}

/** The calls of a run and of its sub-agents. A session that is its own sub-agent is one. */
export function callsIn(run: Run, childOf: TraceContext['childOf'], seen: ReadonlySet<Run> = new Set()): CallStep[] {
  if (seen.has(run)) return []
  const path = new Set([...seen, run])
  return run.turns.flatMap(({ steps }) =>
    steps.flatMap((step) => {
      if (step.kind !== 'call') return []
      const below = step.children.flatMap(({ session }) => {
        const child = childOf(session)
        return child ? callsIn(child, childOf, path) : []
      })
      return [step, ...below]
    }),
  )
}
