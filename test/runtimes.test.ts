import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { readResults, resultTable } from './runtimes/result-table.ts'

it('docs/runtimes.md has the runtimes that the suite of that name runs, in their versions, and what came of it', () => {
  expect(readResults()).toBe(resultTable(new Map()))
  expect(readResults()).not.toContain('not run')
})

it('the stage on Node 24 is on Node 24', async () => {
  const { stdout } = await promisify(execFile)('npx', ['tsx', 'scripts/node-24.ts', '--print', 'process.version'])
  expect(stdout).toMatch(/^v24\./)
})
