import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSampleRepository, type SampleRepository } from './sample-repository.ts'

let repository: SampleRepository

beforeEach(() => {
  repository = createSampleRepository()
})
afterEach(() => {
  repository.delete()
})

const setup = () => repository.run('node', 'scripts/setup.mjs')

describe('the set-up', () => {
  it('installs and builds with the pinned pnpm, one line for each step', () => {
    const { code, output } = setup()
    expect(output).toMatch(/^Installing packages … [\d.]+ s\nBuilding … [\d.]+ s\n$/)
    expect(code).toBe(0)
    const calls = repository.takeCalls()
    expect(calls[0]).toMatch(/^-y pnpm@12\.3\.4 install --frozen-lockfile/)
    expect(calls[1]).toMatch(/^-y pnpm@12\.3\.4 run build/)
    expect(calls).toHaveLength(2)
  })

  it('starts no pnpm and says nothing when all is current', () => {
    setup()
    repository.takeCalls()
    expect(setup()).toEqual({ code: 0, output: '' })
    expect(repository.takeCalls()).toEqual([])
  })

  it('only builds again after a change of a source', () => {
    setup()
    repository.takeCalls()
    repository.write('packages/one/src/index.ts', 'export const one = 1')
    setup()
    expect(repository.takeCalls()).toEqual([expect.stringContaining('run build')])
  })

  it('builds nothing after a change of a test', () => {
    setup()
    repository.takeCalls()
    repository.write('packages/one/src/index.test.ts', '// another test')
    setup()
    expect(repository.takeCalls()).toEqual([])
  })

  it('installs again after a change of the lock file', () => {
    setup()
    repository.takeCalls()
    repository.write('pnpm-lock.yaml', 'another version')
    setup()
    expect(repository.takeCalls()[0]).toContain('install')
  })

  it.each([
    ['node_modules', 'install'],
    ['packages/one/node_modules', 'install'],
    ['packages/one/dist', 'run build'],
  ])('makes %s again when somebody deleted it', (folder, command) => {
    setup()
    repository.takeCalls()
    repository.remove(folder)
    setup()
    expect(repository.takeCalls()[0]).toContain(command)
    expect(repository.exists(folder)).toBe(true)
  })

  it('shows all that a failing step printed and what to do, and tries again the next time', () => {
    repository.write('install.fails', '')
    const { code, output } = setup()
    expect(output).toMatch(/^Installing packages … failed after [\d.]+ s\n\npnpm says why\n\n.*could not be installed/)
    expect(code).toBe(1)
    repository.remove('install.fails')
    expect(setup().code).toBe(0)
  })

  it('asks for a newer Node in a sentence', () => {
    repository.write('package.json', JSON.stringify({ engines: { node: '>=999.1.0' } }))
    const { code, output } = setup()
    expect(output).toMatch(/^enjamb needs Node 999\.1\.0 or newer; this is Node \d/)
    expect(code).toBe(1)
  })
})

// It runs `npm test`.
describe('.ci/run', () => {
  const test = () => {
    const { code, output } = repository.run('bash', '.ci/run')
    return { code, output, lastLine: output.trimEnd().split('\n').at(-1) }
  }

  it('ends with the counts of all stages', () => {
    const { code, lastLine } = test()
    expect(lastLine).toBe('17 passed, 0 failed')
    expect(code).toBe(0)
  })

  it('goes on after a failing stage, shows what it printed, and fails', () => {
    repository.write('unit-1.json', JSON.stringify({ numPassedTests: 5, numFailedTests: 3, exitCode: 1 }))
    const { code, output, lastLine } = test()
    expect(output).toMatch(/FAILED {2}unit tests/)
    expect(lastLine).toBe('20 passed, 3 failed')
    expect(code).toBe(1)
  })

  it('counts a test file that does not load as one failure', () => {
    const testResults = [{ status: 'failed', assertionResults: [] }]
    repository.write('types.json', JSON.stringify({ testResults, exitCode: 1 }))
    expect(test()).toMatchObject({ code: 1, lastLine: '17 passed, 1 failed' })
  })

  it('counts a run that failed with every test passed as one failure', () => {
    repository.write('types.json', JSON.stringify({ exitCode: 1 }))
    expect(test()).toMatchObject({ code: 1, lastLine: '17 passed, 1 failed' })
  })

  it('does not check packages that could not be built', () => {
    repository.write('run.fails', '')
    const { code, output, lastLine } = test()
    expect(output).toContain('not run: build failed')
    expect(lastLine).toBe('12 passed, 3 failed')
    expect(code).toBe(1)
  })

  it('is one failure when nothing can be installed', () => {
    repository.write('install.fails', '')
    expect(test()).toMatchObject({ code: 1, lastLine: '0 passed, 1 failed' })
  })

  it('counts a run that breaks down as one failure', () => {
    repository.write('scripts/test.mjs', `throw new Error('broken')`)
    expect(test()).toMatchObject({ code: 1, lastLine: '0 passed, 1 failed' })
  })
})

it('npm test ends with the counts of all stages, too, and fails where one does', () => {
  repository.write('unit-1.json', JSON.stringify({ numPassedTests: 5, numFailedTests: 3, exitCode: 1 }))
  const { code, output } = repository.run('npm', 'test', '--silent')
  expect(output).toMatch(/\n20 passed, 3 failed\n$/)
  expect(code).toBe(1)
})
