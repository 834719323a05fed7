import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { measureSize } from '../scripts/measure-size.ts'
import { sizeBudgets } from '../scripts/size-budgets.ts'
import { readSizeTable, sizeTable } from '../scripts/size-table.ts'

describe('the built packages', () => {
  for (const budget of sizeBudgets) {
    it(`keep ${budget.name} within ${budget.maxBytes} bytes`, async () => {
      expect(await measureSize(budget)).toBeLessThanOrEqual(budget.maxBytes)
    })
  }

  it('have the sizes that the README says; `npm run sizes` writes them there', async () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
    expect(readSizeTable(readme)).toBe(await sizeTable())
  })
})
