import { sumCosts } from '@enjamb/core'
import { tokensOf } from '../../run/create-totals.ts'
import type { CallStep } from '../../run/run.ts'
import { costText, durationText } from '../../text/format-numbers.ts'
import { lineHTML } from '../escape-html.ts'
import type { TraceContext } from '../trace-context.ts'
import { contentHTML, factsHTML, inputHTML, inputLine } from './content-html.ts'
import { inAndOut } from './in-and-out.ts'
import type { Row } from './row-html.ts'

const waiting = { approval: 'waits for approval', question: 'waits for an answer', client_tool: 'waits for its result' }

/**
 * A call of a tool as a row of the waterfall.
 *
 * @param childrenHTML the sessions of the sub-agents that it began
 */
export function callRow(step: CallStep, context: TraceContext, childrenHTML: string): Row {
  const { name, input, result, pending, decision, children, ms, spending } = step
  const spent = spending.length > 0 && {
    models: [...new Set(spending.map(({ model }) => model))].join(', '),
    cost: sumCosts(spending.map(({ cost }) => cost)),
    tokens: inAndOut(spending.map(tokensOf)),
  }
  const isWaiting = pending !== undefined && !decision && !result
  return {
    classes: [children.length ? 'spawn' : 'call', isWaiting && 'waits', result?.isError && 'fails'],
    nameHTML: lineHTML(name, 60),
    textHTML: inputLine(input),
    tags: [
      ...children.slice(0, 3).map(({ agent }) => agent),
      isWaiting && (waiting[pending.kind] ?? 'waits'),
      decision && decisionTag(decision),
      result?.isError && 'failed',
      !result && !isWaiting && 'no result',
    ],
    span: step,
    ms,
    tokens: spent ? spent.tokens : undefined,
    bodyHTML: [
      // A sub-agent's own prompt says the same once more.
      childrenHTML
        ? `${childrenHTML}<details class="more"><summary>Input</summary>${inputHTML(input, context)}</details>`
        : `<h4>Input</h4>${inputHTML(input, context)}`,
      decision?.input !== undefined && `<h4>Run with</h4>${inputHTML(decision.input, context)}`,
      result && `<h4>${result.isError ? 'Error' : 'Result'}</h4>${contentHTML(result.content, context, 'out')}`,
      factsHTML([
        step.id,
        ms !== undefined && durationText(ms),
        decision?.reason,
        spent && `${spent.models} ${costText(spent.cost)}`,
        result === undefined && !isWaiting && 'The journal has no result of this call.',
      ]),
    ]
      .filter(Boolean)
      .join(''),
    isOpen: childrenHTML !== '' && !context.isLarge,
  }
}

function decisionTag({ allow, by, content }: NonNullable<CallStep['decision']>): string {
  const what = content !== undefined ? 'answered' : allow ? 'allowed' : 'refused'
  return by ? `${what} by ${by.slice(0, 40)}` : what
}
