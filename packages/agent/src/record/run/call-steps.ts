import type { ToolUseBlock } from '@enjamb/core'
import type { Entry, SpawnEntry } from '../../journal/entry.ts'
import { openTurn, type Reading } from './reading.ts'
import type { CallStep, RunTurn } from './run.ts'

/**
 * A call begins to run, or is asked for.
 *
 * @param isAsked it does not run yet
 */
export function startCall(reading: Reading, call: ToolUseBlock, seq: number, isAsked = false): CallStep {
  const known = reading.calls.get(call.id)
  if (known && !known.result) {
    // It was asked for before, and begins to run now.
    if (!isAsked) {
      moveTo(openTurn(reading, true), known)
      known.startedAt = reading.now
    }
    return known
  }
  const { now } = reading
  const turn = openTurn(reading, true)
  const step: CallStep = {
    kind: 'call',
    turn,
    seq,
    startedAt: now,
    endedAt: now,
    isUndone: false,
    id: call.id,
    name: call.name,
    input: call.input,
    ms: undefined,
    result: undefined,
    pending: undefined,
    decision: undefined,
    spending: [],
    children: [],
  }
  reading.calls.set(call.id, step)
  turn.steps.push(step)
  return step
}

/** A call that waited for somebody runs in the turn that their decision began. */
function moveTo(turn: RunTurn, step: CallStep): void {
  if (step.turn === turn) return
  const { steps } = step.turn
  steps.splice(steps.indexOf(step), 1)
  step.turn = turn
  turn.steps.push(step)
}

export function endCall(reading: Reading, entry: Extract<Entry, { type: 'result' }>): void {
  const turn = openTurn(reading, true)
  const step = reading.calls.get(entry.id)
  if (!step) return
  moveTo(turn, step)
  step.result = entry
  step.ms = entry.ms
  step.endedAt = reading.now
  // Before that it waited: for other calls, for somebody, or for another process to take it up.
  step.startedAt = Math.max(step.startedAt, reading.now - entry.ms)
}

/** Whether it is a known call that began the sub-agent. */
export function addChild({ calls }: Reading, { id, agent, session }: SpawnEntry): boolean {
  const call = calls.get(id)
  call?.children.push({ agent, session })
  return call !== undefined
}

export function decide(reading: Reading, entry: Extract<Entry, { type: 'decision' }>): void {
  openTurn(reading, true)
  for (const call of reading.calls.values()) {
    if (call.pending?.id === entry.id) call.decision = entry
  }
}
