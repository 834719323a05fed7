import type { Entry } from '../../journal/entry.ts'
import { errorText } from '../run/error-text.ts'
import type { Run, RunStep, RunTurn } from '../run/run.ts'
import { contentText } from '../text/content-text.ts'
import { costText, durationText } from '../text/format-numbers.ts'
import { escapeHTML, lineHTML } from './escape-html.ts'
import type { Axis } from './rows/bar-html.ts'
import { callRow } from './rows/call-row.ts'
import { contentHTML, factsHTML } from './rows/content-html.ts'
import { replyRow } from './rows/reply-row.ts'
import { type Row, rowHTML } from './rows/row-html.ts'
import type { TraceContext } from './trace-context.ts'

/** A turn with its rows on one axis of time: days that passed between turns take no room. */
export function turnHTML(turn: RunTurn, context: TraceContext): string {
  const { prompt, isResumed, steps, totals, startedAt, endedAt } = turn
  const first = steps.find((step) => step.kind === 'prompt')
  const ask = isResumed ? 'Goes on' : first ? lineHTML(contentText(first.content), 300) : 'Begins'
  const sum = [durationText(endedAt - startedAt), totals.usage && costText(totals.cost)].filter(Boolean).join(' · ')
  return (
    `<details class="turn" open><summary><span class="no">#${prompt}</span><span class="ask" dir="auto">${ask}</span>${first?.by && !isResumed ? `<span class="tag">${lineHTML(first.by, 40)}</span>` : ''}` +
    `${turn.status === 'completed' ? '' : pillHTML(turn.status)}<span class="sum">${sum}</span></summary>\n` +
    `${rowsHTML(turn, turn, context, new Set())}${factsHTML([errorText(turn.error)])}</details>\n`
  )
}

export function pillHTML(status: Run['status']): string {
  const text = status === 'open' ? 'not ended' : status.replaceAll('_', ' ')
  return `<span class="pill ${escapeHTML(status)}">${lineHTML(text)}</span>`
}

function rowsHTML(turn: RunTurn, axis: Axis, context: TraceContext, above: ReadonlySet<Run>): string {
  const last = turn.steps.findLast((step) => step.kind === 'reply')
  return turn.steps
    .filter((step) => !isSaid(step, turn))
    .map((step) => {
      const row = rowOf(step, step === last && above.size === 0, axis, context, above)
      return rowHTML(
        step.isUndone ? { ...row, classes: [...row.classes, 'undone'], tags: ['taken back', ...row.tags] } : row,
        axis,
      )
    })
    .join('')
}

/** What the turn's head or the row of a call says already. */
function isSaid(step: RunStep, { steps }: RunTurn): boolean {
  if (step.kind === 'prompt') return step === steps[0] && step.refused === undefined && isShort(step.content)
  if (step.kind !== 'event' || (step.entry.type !== 'pending' && step.entry.type !== 'decision')) return false
  const { id } = step.entry
  return steps.some((other) => other.kind === 'call' && other.pending?.id === id)
}

function isShort(content: unknown): boolean {
  const text = contentText(content)
  return text.length < 200 && !text.trim().includes('\n') && (typeof content === 'string' || !`${text}`.startsWith('['))
}

function rowOf(step: RunStep, isLast: boolean, axis: Axis, context: TraceContext, above: ReadonlySet<Run>): Row {
  if (step.kind === 'reply') return replyRow(step, context, isLast)
  if (step.kind === 'call') {
    const children = step.children.map(({ agent, session }) => childHTML(agent, session, axis, context, above))
    return callRow(step, context, children.join(''))
  }
  const isPrompt = step.kind === 'prompt'
  return {
    classes: [step.kind, !isPrompt && step.entry.type === 'pending' && 'waits'],
    nameHTML: isPrompt ? 'Prompt' : lineHTML(eventName(step.entry), 40),
    textHTML: lineHTML(isPrompt ? contentText(step.content) : step.text),
    tags: isPrompt ? [step.by?.slice(0, 40), step.refused !== undefined && 'refused'] : [],
    span: step,
    ms: undefined,
    bodyHTML: contentHTML(isPrompt ? step.content : step.text, context, ''),
    isOpen: false,
  }
}

const eventNames: { [Type in Entry['type']]?: string } = {
  pending: 'Waits',
  decision: 'Decision',
  checkpoint: 'File',
  compaction: 'Summary',
  context: 'Hook',
  rewind: 'Went back',
  params: 'Change',
  mend: 'Mended',
  spawn: 'Sub-agent',
}

function eventName(entry: Entry): string {
  return entry.type === 'note' ? entry.name : (eventNames[entry.type] ?? entry.type)
}

/** A sub-agent's session below the call that began it, on the axis of its parent. */
function childHTML(agent: string, session: string, axis: Axis, context: TraceContext, above: ReadonlySet<Run>): string {
  const run = above.size < 20 ? context.childOf(session) : undefined
  const head = `<b>${lineHTML(agent)}</b><span class="mono">${lineHTML(session)}</span>`
  if (!run || above.has(run)) return `<div class="child"><div class="head">${head}</div></div>`
  const path = new Set([...above, run])
  const rows = run.turns.map((turn) => rowsHTML(turn, axis, context, path)).join('')
  const cost = run.totals.usage ? costText(run.totals.cost) : ''
  const failed = run.status === 'completed' ? '' : pillHTML(run.status)
  return (
    `<div class="child"><div class="head">${head}<span>${lineHTML(`${run.params.model}`)}</span>` +
    `<span>${durationText(run.endedAt - run.startedAt)}</span><span>${cost}</span>${failed}</div>${rows}</div>`
  )
}
