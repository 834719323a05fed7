import { type Bundle, bundlers } from './bundlers.ts'
import { measureSize } from './measure-size.ts'
import { type SizeEntry, sizeBudgets } from './size-budgets.ts'
import { formatTable } from './size-table.ts'

// `compare-bundlers.ts`: the bytes of each minimal program in each bundler, and how far that is from esbuild's.
const rows: string[][] = []
for (const budget of sizeBudgets) rows.push([budget.name, ...(await sizes(budget))])
console.log(formatTable(['import', ...Object.keys(bundlers)], rows))

async function sizes(entry: SizeEntry): Promise<string[]> {
  const all: number[] = []
  for (const bundle of Object.values<Bundle>(bundlers)) all.push(await measureSize(entry, bundle))
  return all.map((size) => `${size} (${((size / all[0]! - 1) * 100).toFixed(1)} %)`)
}
