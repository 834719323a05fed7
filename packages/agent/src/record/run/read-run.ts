import type { Message, ToolUseBlock } from '@enjamb/core'
import type { Entry, FrozenParams, PartEntry, ReplyEntry } from '../../journal/entry.ts'
import { addChild, decide, endCall, startCall } from './call-steps.ts'
import { createTotals } from './create-totals.ts'
import { eventText } from './event-text.ts'
import { openTurn, type Reading } from './reading.ts'
import type { Run, RunStep, RunTurn } from './run.ts'
import { spendingOf } from './spending-of.ts'

/** Folds a journal into what a person asks of it: turns, and in them prompts, replies and calls with their times. */
export function readRun(entries: Iterable<Entry>): Run {
  const reading: Reading = { run: emptyRun(), turn: undefined, prompts: 0, seq: 0, calls: new Map(), now: Number.NaN }
  for (const entry of entries) read(reading, entry)
  const { run } = reading
  run.status = run.turns.at(-1)?.status ?? 'empty'
  return run
}

function emptyRun(): Run {
  return {
    id: '',
    title: undefined,
    parent: undefined,
    params: { model: '', max_tokens: 0 } as FrozenParams,
    startedAt: Number.NaN,
    endedAt: Number.NaN,
    turns: [],
    status: 'empty',
    totals: createTotals(),
    replies: 0,
  }
}

function read(reading: Reading, entry: Entry): void {
  const { run } = reading
  const time = Date.parse(entry.at)
  reading.seq = entry.seq
  reading.now = Number.isNaN(time) ? reading.now : time
  if (Number.isNaN(run.startedAt)) run.startedAt = reading.now
  run.endedAt = reading.now
  if (entry.type === 'session') {
    const { id, title, parent, frozen } = entry
    Object.assign(run, { id, title, parent, params: { ...run.params, ...frozen } })
    return
  }
  if (entry.type === 'params') run.params = { ...run.params, ...entry.changed }
  if (entry.type === 'rewind') undo(run, entry.to)
  const step = stepOf(reading, entry)
  const spending = spendingOf(entry, run.params.model)
  run.totals.add(spending)
  const turn = reading.turn
  if (!turn) return
  if (step) turn.steps.push(step)
  turn.endedAt = reading.now
  turn.totals.add(spending)
  if (entry.type === 'turn') {
    turn.status = entry.status
    turn.error = entry.error
    reading.turn = undefined
  }
}

/** The step that an entry begins, if it begins one. */
function stepOf(reading: Reading, entry: Entry): RunStep | undefined {
  const { now } = reading
  const head = { seq: entry.seq, startedAt: now, endedAt: now, isUndone: false }
  switch (entry.type) {
    case 'prompt': {
      openTurn(reading, false)
      return { ...head, kind: 'prompt', content: entry.content, by: entry.by, refused: entry.refused }
    }
    case 'reply':
    case 'part':
      addReply(reading, entry)
      return undefined
    case 'intent':
      startCall(reading, entry.call, entry.seq)
      return undefined
    case 'pending':
      // A sub-agent's call stands in its own journal.
      if (entry.session === undefined) startCall(reading, entry.call, entry.seq, true).pending = entry
      break
    case 'result':
      endCall(reading, entry)
      return undefined
    case 'spent':
      reading.calls.get(entry.id)?.spending.push(...spendingOf(entry, reading.run.params.model))
      return undefined
    case 'spawn':
      if (addChild(reading, entry)) return undefined
      break
    case 'turn':
      openTurn(reading, true)
      return undefined
    case 'decision':
      decide(reading, entry)
  }
  const text = eventText(entry)
  // What happens between turns belongs to the one before it.
  const turn = reading.turn ?? reading.run.turns.at(-1)
  if (!text || !turn) return undefined
  const step: RunStep = { ...head, kind: 'event', entry, text }
  if (reading.turn) return step
  turn.steps.push(step)
  return undefined
}

function addReply(reading: Reading, entry: Entry & (ReplyEntry | PartEntry)): void {
  const turn = openTurn(reading, true)
  const { run, now, calls } = reading
  const { message } = entry
  const uses = usesOf(message)
  const own = new Set(uses.map(({ id }) => id))
  if (entry.type === 'reply') {
    turn.replies++
    run.replies++
  }
  const { index, readyAt } = placeOf(turn, own)
  turn.steps.splice(index, 0, {
    kind: 'reply',
    seq: entry.seq,
    startedAt: Math.min(now, readyAt),
    endedAt: now,
    isUndone: false,
    entry,
    message,
    spending: spendingOf(entry, run.params.model)[0],
  })
  for (const use of uses) if (!calls.has(use.id)) startCall(reading, use, entry.seq)
}

/**
 * Where a reply belongs, and since when it could be asked for: behind all that was there before it. The tools that it asks
 * for may have begun while it was written.
 */
function placeOf({ steps, startedAt }: RunTurn, own: ReadonlySet<string>): { index: number; readyAt: number } {
  let index = steps.length
  let readyAt = startedAt
  for (let at = steps.length - 1; at >= 0; at--) {
    const step = steps[at]!
    if (step.kind === 'call' && own.has(step.id)) index = at
    else readyAt = Math.max(readyAt, step.endedAt)
    // What stands before the last reply had ended when that one was asked for.
    if (step.kind === 'reply') break
  }
  return { index, readyAt }
}

function usesOf(message: Message): ToolUseBlock[] {
  return (message?.content ?? []).filter((block) => block.type === 'tool_use')
}

function undo(run: Run, to: number): void {
  for (const { steps } of run.turns) for (const step of steps) if (step.seq > to) step.isUndone = true
}
