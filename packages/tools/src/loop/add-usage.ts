import type { Usage } from '@enjamb/core'

/** The sum of two counts, part by part; where a part is no number, the later one stands. */
export function addUsage(sum: Usage | undefined, usage: Usage): Usage {
  return add(sum, usage) as unknown as Usage
}

function add(sum: object | undefined, more: object): object {
  const total = { ...sum } as { [key: string]: unknown }
  for (const [key, value] of Object.entries(more)) {
    const before = total[key]
    total[key] =
      typeof value === 'number'
        ? value + Number(before ?? 0)
        : value && typeof value === 'object' && !Array.isArray(value)
          ? add(before as object, value)
          : (value ?? before ?? null)
  }
  return total
}
