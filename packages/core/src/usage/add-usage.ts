import type { Usage } from '../wire/index.ts'

/**
 * The sum of two counts, part by part; where a part is no number, the later one stands. Iterations of one type and model
 * become one, so that the sum of a long run stays as small as that of a short one.
 */
export function addUsage(sum: Usage | undefined, usage: Usage): Usage {
  return add(sum, usage) as Usage
}

function add(sum: unknown, more: unknown): unknown {
  if (typeof more === 'number') return typeof sum === 'number' ? sum + more : more
  if (typeof more !== 'object' || !more) return more ?? sum ?? null
  if (Array.isArray(more)) return more
  const total = new Map<string, unknown>(Object.entries(sum ?? {}))
  for (const [name, value] of Object.entries(more)) {
    const before = total.get(name)
    total.set(name, name === 'iterations' && value ? addIterations([before ?? [], value].flat()) : add(before, value))
  }
  // Not by assignment: a part may have any name, `__proto__` too.
  return Object.fromEntries(total)
}

function addIterations(iterations: readonly { type?: unknown; model?: unknown }[]): unknown[] {
  const sums = new Map<string, unknown>()
  for (const iteration of iterations) {
    const key = `${iteration?.type} ${iteration?.model}`
    sums.set(key, add(sums.get(key), iteration))
  }
  return [...sums.values()]
}
