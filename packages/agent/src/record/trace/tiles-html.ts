import { createTotals, type Totals } from '../run/create-totals.ts'
import type { Run } from '../run/run.ts'
import { costText, countText, durationText, timesText } from '../text/format-numbers.ts'
import { callsOf, runsIn, type TraceContext } from './trace-context.ts'

/** The numbers at the head of the page, sub-agents' with them. */
export function tilesHTML(run: Run, context: TraceContext): string {
  const runs = runsIn(run, context.childOf)
  const calls = runs.flatMap(callsOf)
  const replies = runs.reduce((sum, one) => sum + one.replies, 0)
  const failed = calls.filter(({ result }) => result?.isError).length
  const { cost, tokens } = totalsOf(run, context)
  const prompt = tokens.input + tokens.cacheWrite + tokens.cacheRead
  const worked = run.turns.reduce((sum, { startedAt, endedAt }) => sum + endedAt - startedAt, 0)
  const prompts = run.turns.filter(({ isResumed }) => !isResumed).length
  return `<div class="tiles">
${tile(costText(cost), 'cost at list prices')}
${tile(durationText(worked), `of work, ${timesText(prompts, 'prompt')}`)}
${tile(`${replies}`, replies === 1 ? 'request' : 'requests')}
${tile(`${calls.length}`, `tool ${calls.length === 1 ? 'call' : 'calls'}${failed ? `, <span class="bad">${failed} failed</span>` : ''}`)}
${tile(countText(prompt), `tokens in, ${prompt ? Math.round((tokens.cacheRead / prompt) * 100) : 0} % cached`, cacheHTML(tokens))}
${tile(countText(tokens.output), 'tokens out')}
</div>`
}

function tile(value: string, label: string, more = ''): string {
  return `<div class="tile"><b>${value}</b>${more}<span>${label}</span></div>`
}

/** New, written and read: of which parts the prompts were. */
function cacheHTML({ input, cacheWrite, cacheRead }: Totals['tokens']): string {
  const all = Math.max(1, input + cacheWrite + cacheRead)
  const part = (name: string, count: number, words: string) =>
    `<i class="${name}" style="width:${((count / all) * 100).toFixed(1)}%" title="${countText(count)} ${words}"></i>`
  return `<div class="cache">${part('fresh', input, 'new')}${part('write', cacheWrite, 'written to the cache')}${part('read', cacheRead, 'read from the cache')}</div>`
}

/** What a session used, and its sub-agents where the results of their calls do not say so. */
function totalsOf(run: Run, context: TraceContext): Totals {
  const totals = createTotals()
  const add = (one: Run, above: ReadonlySet<Run>) => {
    if (above.has(one)) return
    totals.addTotals(one.totals)
    const path = new Set([...above, one])
    for (const { steps } of one.turns) {
      for (const step of steps) {
        if (step.kind !== 'call' || step.spending.length) continue
        for (const { session } of step.children) {
          const child = context.childOf(session)
          if (child) add(child, path)
        }
      }
    }
  }
  add(run, new Set())
  return totals
}
