import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { installRuntime, jest, node, node24, type Runtime } from '../../scripts/runtimes.ts'
import { startMockAPI } from './mock-api.ts'
import { readResults, resultTable, writeResults } from './result-table.ts'
import { type JestRun, runJest } from './run-jest.ts'
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

describe('Jest', () => {
  const [modules, files] = [true, ['import', 'dynamic']]
  const runs: JestRun[] = [
    { title: 'Node 24, with no configuration', node: node24, modules, files: [...files, 'require'] },
    { title: 'Node 22, as ES modules', node: node('22.23.5'), modules, files },
    { title: 'Node 20, as ES modules', node: node('20.20.2'), modules, files },
    {
      title: 'Node 20, transformed to CommonJS',
      node: node('20.20.2'),
      modules: false,
      configuration: 0,
      files: ['require', 'dynamic'],
    },
    { title: 'Node 20, in TypeScript', node: node('20.20.2'), modules, configuration: 1, files: ['typed'] },
  ]

  it.for(runs.map((run) => [run.title, run] as const))('loads the packages on %s', async ([, run], { skip }) => {
    const missing = [jest, run.node].map(whyMissing).find(Boolean)
    skip(!!missing, missing)
    expect(await runJest(project.folder, run)).toEqual([run.files.length])
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
