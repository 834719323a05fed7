import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Cost, costOf, sumCosts } from '../index.ts'

it('is what all the parts come to, exactly, in whatever order', () => {
  const usage = fc.record({ input_tokens: fc.nat(1_000_000), output_tokens: fc.nat(100_000) })
  fc.assert(
    fc.property(fc.array(usage, { minLength: 1 }), (usages) => {
      const costs = usages.map((usage) => costOf('claude-sonnet-5-5', usage) as Cost)
      const sum = sumCosts(costs)!
      expect(sum).toEqual(sumCosts([...costs].reverse()))
      expect(BigInt(sum.nanoUsd)).toBe(costs.reduce((total, { nanoUsd }) => total + BigInt(nanoUsd), 0n))
      expect(sum.nanoUsd).toBe(sum.input + sum.output + sum.cacheWrite + sum.cacheRead + sum.other)
    }),
  )
})

it('is unknown where one is unknown, and where there is none', () => {
  const cost = costOf('claude-sonnet-5-5', { input_tokens: 1 })
  expect(sumCosts([])).toBeUndefined()
  for (const costs of [[undefined], [cost, undefined], [undefined, cost, cost]]) {
    expect(sumCosts(costs)).toBeUndefined()
  }
  expect(sumCosts([cost])).toEqual(cost)
})
