import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ConfigError } from '@enjamb/core'
import { build } from 'esbuild'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { hostFacts, readInstructions } from './host.ts'

let outer: string
let root: string
let inner: string
beforeEach(async () => {
  outer = await mkdtemp(join(tmpdir(), 'enjamb-instructions-'))
  root = join(outer, 'repository')
  inner = join(root, 'packages', 'one')
  await mkdir(inner, { recursive: true })
  await mkdir(join(root, '.git'))
  await writeFile(join(outer, 'AGENTS.md'), 'Outside.')
})
afterEach(() => rm(outer, { recursive: true }))

describe('the instructions of a folder', () => {
  it('are those of each folder up to the root of its repository, the nearest last, and AGENTS.md before CLAUDE.md', async () => {
    await writeFile(join(root, 'CLAUDE.md'), 'Of all.\n')
    await writeFile(join(inner, 'AGENTS.md'), 'Of one.')
    await writeFile(join(inner, 'CLAUDE.md'), 'Not this.')
    await writeFile(join(root, 'packages', 'AGENTS.md'), ' \n')
    const text = await readInstructions(inner)
    const [first, second] = ['../../CLAUDE.md:\n\nOf all.', 'AGENTS.md:\n\nOf one.']
    const from = 'Instructions of the project, from '
    expect(text).toBe(`${from}${first}\n\n${from}${second}`)
  })

  it('are none where there are none', async () => {
    expect(await readInstructions(inner)).toBe('')
  })

  it('are those of the folder alone outside of a repository', async () => {
    await rm(join(root, '.git'), { recursive: true })
    await writeFile(join(root, 'AGENTS.md'), 'Above.')
    expect(await readInstructions(inner)).toBe('')
    expect(await readInstructions(root)).toContain('Above.')
    expect(await readInstructions(root)).not.toContain('Outside.')
  })

  it('are those of the files named, which must be there', async () => {
    await writeFile(join(root, 'RULES.txt'), 'Rules.')
    expect(await readInstructions(inner, ['../../RULES.txt'])).toContain('from ../../RULES.txt:\n\nRules.')
    await expect(readInstructions(inner, ['none.md'])).rejects.toThrow(ConfigError)
    await expect(readInstructions(inner, ['..'])).rejects.toThrow(/is no file/)
  })

  it('are not read through a link that leads out of the repository', async () => {
    await symlink(join(outer, 'AGENTS.md'), join(root, 'AGENTS.md'))
    await expect(readInstructions(inner)).rejects.toThrow(/leads out of/)
    expect(await readInstructions(inner, ['../../AGENTS.md'])).toContain('Outside.')
  })

  it('may be a link inside of it', async () => {
    await writeFile(join(root, 'CLAUDE.md'), 'Of all.')
    await symlink('CLAUDE.md', join(root, 'AGENTS.md'))
    expect(await readInstructions(inner)).toContain('Of all.')
  })

  it('are refused where they are too large, one or all, and a pipe is not waited for', async () => {
    await writeFile(join(root, 'AGENTS.md'), 'a'.repeat(65_537))
    await expect(readInstructions(inner)).rejects.toThrow('65537 bytes, and may have 65536')
    await writeFile(join(root, 'some.md'), 'a'.repeat(65_000))
    await expect(readInstructions(root, Array(5).fill('some.md'))).rejects.toThrow('262144 bytes at most')
    execFileSync('mkfifo', [join(inner, 'pipe.md')])
    await expect(readInstructions(inner, ['pipe.md'])).rejects.toThrow(/is no file/)
  })
})

it('a host is told of by the hash of its name, and by the account of its environment', () => {
  vi.stubEnv('CLAUDE_ACCOUNT_UUID', 'abc')
  const hostHash = createHash('sha256').update(hostname()).digest('hex')
  expect(hostFacts()).toEqual({ hostHash, accountId: 'abc' })
  vi.stubEnv('CLAUDE_ACCOUNT_UUID', ' ')
  expect(hostFacts().accountId).toBeUndefined()
  vi.unstubAllEnvs()
})

it('a bundle for browsers has nothing of it, and says so', async () => {
  const contents = `export { hostFacts, readInstructions } from '#host'; export { createAgent } from './index.ts'`
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL('../..', import.meta.url)), loader: 'ts' },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    conditions: ['@enjamb/source'],
    write: false,
  })
  const none = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0]!.text)}`)
  expect(none.hostFacts()).toEqual({})
  await expect(none.readInstructions()).rejects.toMatchObject({ name: 'ConfigError' })
  expect(() => none.createAgent({ apiKey: 'key', dangerouslyAllowBrowser: true, logDir: 'logs' })).toThrow(
    'logDir needs files',
  )
  expect(outputFiles[0]!.text).not.toContain('max_tool_iterations')
})
