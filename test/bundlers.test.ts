import { beforeAll, describe, expect, it, vi } from 'vitest'
import { type Bundle, bundlers } from '../scripts/bundlers.ts'
import { measureSize } from '../scripts/measure-size.ts'
import { sizeBudgets } from '../scripts/size-budgets.ts'

// The smallest and the largest program; `npm run sizes:bundlers` shows all of them.
const programs = [...sizeBudgets].sort((a, b) => a.maxBytes - b.maxBytes)

// A test runner says that it is none, and some bundlers then take what is for developers.
vi.stubEnv('NODE_ENV', 'production')

describe.each([programs[0]!, programs.at(-1)!])('$name', (program) => {
  const bytes: Record<string, number> = {}

  beforeAll(async () => {
    for (const [name, bundle] of Object.entries<Bundle>(bundlers)) bytes[name] = await measureSize(program, bundle)
  })

  // esbuild keeps its place in the next test: its minifier makes more of the same code than Terser and Oxc do.
  it('holds the same code in every bundler, within 2 %', () => {
    const { esbuild, ...others } = bytes
    expect(Math.max(...Object.values(others))).toBeLessThanOrEqual(1.02 * Math.min(...Object.values(others)))
  })

  it('weighs nowhere over 2 % more than with esbuild, by which the budgets go', () => {
    expect(Math.max(...Object.values(bytes))).toBeLessThanOrEqual(1.02 * bytes.esbuild!)
  })
})
