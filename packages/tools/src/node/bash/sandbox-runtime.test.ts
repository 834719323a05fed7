import { existsSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { SandboxManager } from '@anthropic-ai/sandbox-runtime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandTools } from '../../../test/command-tools.ts'
import type { CommandSandbox } from './bash-options.ts'

const canRun = SandboxManager.isSupportedPlatform() && !SandboxManager.checkDependencies().errors.length

it('takes the sandbox of @anthropic-ai/sandbox-runtime as it is', async () => {
  const sandbox: CommandSandbox = SandboxManager
  expect(typeof sandbox.wrapWithSandbox).toBe('function')
  expect(typeof sandbox.cleanupAfterCommand).toBe('function')
})

// It needs bubblewrap, socat and ripgrep on Linux, which the tests do not install.
describe.runIf(canRun)('a command in the sandbox of @anthropic-ai/sandbox-runtime', () => {
  const { bash, call, cwd, top } = commandTools({ sandbox: SandboxManager })

  beforeAll(async () => {
    mkdirSync(join(cwd, 'sub'))
    const filesystem = { denyRead: [], allowWrite: [cwd], denyWrite: [] }
    await SandboxManager.initialize({ network: { allowedDomains: [], deniedDomains: [] }, filesystem })
  })
  afterAll(() => SandboxManager.reset())

  it('writes where it may, and nowhere else', async () => {
    expect(await bash('echo hi > a; cat a')).toBe('hi')
    expect(await bash(`echo hi > ${top}/b`)).toMatch(/Exit code/)
    expect(existsSync(join(top, 'b'))).toBe(false)
  })

  it('tells its exit code and the folder that it ends in', async () => {
    expect(await bash('cd sub; exit 3')).toBe(`[No output.]\n[Exit code 3.]\n[The working folder is now ${cwd}/sub.]`)
    expect(await bash('pwd; cd ..')).toContain(`${cwd}/sub\n`)
  })

  it('is stopped with all that it started', async () => {
    const deaf = `sh -c 'trap "" TERM; while :; do echo x >> beat; sleep 0.02; done'`
    expect(await bash(`${deaf} & ${deaf}`, { timeout: 1_000 })).toContain('Stopped after')
    const { size } = statSync(join(cwd, 'beat'))
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(statSync(join(cwd, 'beat')).size).toBe(size)
    expect((await call('Bash', { command: 'true' })).isError).toBe(false)
  })
})
