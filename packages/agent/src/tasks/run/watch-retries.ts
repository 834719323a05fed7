import type { Middleware } from '@enjamb/core'
import type { Budget, SpendCap } from '../../subagents/spend-cap.ts'
import type { TaskStep } from '../task-step.ts'

/** Tells of every request that is made again: of its sub-agents and tools, too. */
export function watchRetries(cap: SpendCap | undefined, emit: (step: TaskStep) => void): Budget {
  const whys = new WeakMap<object, string>()
  const watching =
    (inner: Middleware | undefined): Middleware =>
    (request, next) => {
      const { attempt } = request
      const params = Object(request.params) as object
      if (attempt > 0) {
        const why = whys.get(params) ?? 'It had failed.'
        emit({ type: 'retry', at: new Date().toISOString(), content: { attempt, why } })
      }
      request.onOutcome(({ error }) => {
        if (error) whys.set(params, String(Object(error).message ?? error))
      })
      return inner ? inner(request, next) : next(request)
    }
  const own = { middleware: watching(cap?.middleware), forSummaries: watching(cap?.forSummaries) }
  // Where there is no cap, a program may spend what it likes.
  return { charge() {}, ...cap, ...own }
}
