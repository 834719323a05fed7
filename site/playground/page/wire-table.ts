import { h } from 'vue'
import type { WireRequest } from '../messages.ts'

/** A request as the table shows it. */
export interface WireRow extends WireRequest {
  isCut?: boolean
}

/** What went over the wire, and what it came to. */
export function wireTable(rows: readonly WireRow[]) {
  const head = ['Request', 'Status', 'Model', 'In', 'Out', 'Cost']
  return h('table', { class: 'wire' }, [
    h(
      'thead',
      h(
        'tr',
        head.map((name) => h('th', { scope: 'col' }, name)),
      ),
    ),
    h(
      'tbody',
      rows.map(({ requestId, what, status, isCut, model, inputTokens, outputTokens, usd }) =>
        h('tr', { key: requestId }, [
          h('td', what),
          h('td', { class: { failed: status >= 400 } }, isCut ? `${status}, cut off` : `${status || 'reset'}`),
          h('td', model),
          h('td', inputTokens),
          h('td', outputTokens),
          h('td', usd === undefined ? '' : toDollars(usd)),
        ]),
      ),
    ),
  ])
}

export function toDollars(usd: number): string {
  return `$${usd.toFixed(6)}`
}
