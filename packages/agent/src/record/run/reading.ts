import { createTotals } from './create-totals.ts'
import type { CallStep, Run, RunTurn } from './run.ts'

/** What is known while a journal is read. */
export interface Reading {
  run: Run
  /** The turn that is not over. */
  turn: RunTurn | undefined
  prompts: number
  /** Of the entry that is read. */
  seq: number
  calls: Map<string, CallStep>
  /** The time of the last entry: where one has none that can be read, it stands in. */
  now: number
}

/** The turn that is not over, or a new one. */
export function openTurn(reading: Reading, isResumed: boolean): RunTurn {
  if (reading.turn) return reading.turn
  const { run, now } = reading
  const turn: RunTurn = {
    seq: reading.seq,
    prompt: isResumed ? Math.max(0, reading.prompts - 1) : reading.prompts++,
    isResumed,
    startedAt: now,
    endedAt: now,
    status: 'open',
    error: undefined,
    steps: [],
    totals: createTotals(),
    replies: 0,
  }
  run.turns.push(turn)
  reading.turn = turn
  return turn
}
