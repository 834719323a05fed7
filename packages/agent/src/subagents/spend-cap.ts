import { type Cost, createUsageMeter, type Middleware } from '@enjamb/core'

/** What may be spent: every attempt of a request sets its worst case aside first. */
export interface SpendCap {
  readonly middleware: Middleware
}

export interface SpendCapOptions {
  /** What is spent of it already. */
  spent?: Cost | undefined
  /** Another one, which has to allow each request, too. */
  within?: SpendCap | undefined
  /** Called once, when 80 % of it are spent. */
  onNearlySpent?: (() => void) | undefined
}

/** @param maxCost in dollars */
export function spendCap(maxCost: number, { spent, within, onNearlySpent }: SpendCapOptions = {}): SpendCap {
  // Of what is left when it is spent already, nothing can be bought; a budget of nothing is none.
  const left = Math.max(maxCost - (spent?.usd ?? 0), 1e-9)
  const meter = createUsageMeter({
    budgets: { default: { usd: left, period: 'total' } },
    thresholds: [Math.max(1 - (0.2 * maxCost) / left, 1e-9)],
    onThreshold: onNearlySpent,
  })
  // Whatever project a request names: it is this cap's.
  const own: Middleware = (request, next) =>
    meter.middleware({ ...request, project: undefined }, (sent) => next({ ...sent, project: request.project }))
  return { middleware: within ? (request, next) => within.middleware(request, (sent) => own(sent, next)) : own }
}
