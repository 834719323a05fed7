import type { TurnResult } from '../../turn/turn-result.ts'

/**
 * What a sub-agent's asker is told when its work has ended.
 *
 * @param added stands behind it
 * @throws {Error} for the model: it has come to no report of its own accord
 */
export function reportOf(
  { status, text, pending }: Pick<TurnResult, 'status' | 'text' | 'pending'>,
  added: readonly string[] = [],
): string {
  const report = [text.trim() || 'It ended without a report.', ...added].join('\n\n')
  if (status === 'completed') return report
  const names = pending.map(({ name }) => name).join(', ')
  const why = {
    waiting: `its call of ${names} waits for somebody`,
    refused: 'the model declined to work on this',
    interrupted: 'it was interrupted',
    over_budget: 'what it may spend is spent',
    turn_limit: 'it has made as many requests as it may',
  }[status]
  const last = text.trim() && status !== 'refused' ? ` What it said last:\n\n${text.trim()}` : ''
  throw new Error(`The sub-agent stopped before its report: ${why}.${last}`)
}
