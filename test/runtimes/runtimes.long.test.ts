import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { installRuntime, type Runtime } from '../../scripts/runtimes.ts'
import { startMockAPI } from './mock-api.ts'
import { readResults, resultTable, writeResults } from './result-table.ts'
import type { Outcomes } from './run-program.ts'
import { createScratchProject, type ScratchProject } from './scratch-project.ts'
import type { SmokeTest } from './smoke-test.ts'
import { smokeTests } from './smoke-tests.ts'

let project: ScratchProject
beforeAll(() => {
  project = createScratchProject()
})
afterAll(() => project?.remove())

const results = new Map<SmokeTest, Outcomes>()

const titled = smokeTests.map((test) => [`${test.name} ${test.version}`, test] as const)

describe('the packages, installed from their tarballs,', () => {
  it.for(titled)('work in %s', async ([, test], { skip }) => {
    const missing = test.needs.map(whyMissing).find(Boolean)
    skip(!!missing, missing)
    const api = await startMockAPI()
    try {
      const outcomes = await test.run(project.folder, api.url)
      results.set(test, outcomes)
      const wrong = Object.entries(outcomes).filter(
        ([check, outcome]) => !(test.known?.[check] ?? /^ok$/).test(outcome),
      )
      expect(wrong).toEqual([])
      // What was aborted has ended for the server, too.
      await expect.poll(() => api.open(), { timeout: 10_000 }).toBe(0)
    } finally {
      await api.close()
    }
  })
})

it('docs/runtimes.md says what came of it', () => {
  const table = resultTable(results)
  if (!process.env.CI) writeResults(table)
  expect(readResults()).toBe(table)
})

/** Why a runtime cannot be installed on this machine, if that is so. */
function whyMissing(runtime: Runtime): string | undefined {
  try {
    installRuntime(runtime)
    return undefined
  } catch (error) {
    return `${runtime.name}@${runtime.version} could not be installed: ${(error as Error).message}`
  }
}
