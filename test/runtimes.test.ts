import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { createRuntimeServer, streamText } from './runtime-server.ts'

// No dependencies of the repository: nobody who only builds it should wait for 150 MB, and the package of Node has a
// program `node`, which every script would find before the machine's own.
const { platform, arch } = process
const system = platform === 'win32' ? 'windows' : platform
const runtimes = {
  'Node 24': { name: `node-${platform === 'win32' ? 'win' : platform}-${arch}`, version: '24.21.0', file: 'bin/node' },
  Bun: { name: `@oven/bun-${system}-${arch === 'arm64' ? 'aarch64' : arch}`, version: '1.4.5', file: 'bin/bun' },
  Deno: {
    name: `@deno/${platform}-${arch}${platform === 'linux' ? '-glibc' : ''}`,
    version: '2.9.6',
    file: 'deno',
    args: ['run', '--allow-all', '--quiet', '--node-modules-dir=manual'],
  },
} satisfies Record<string, { name: string; version: string; file: string; args?: string[] }>

const folder = fileURLToPath(new URL('../node_modules/.cache/runtimes', import.meta.url))
const suffix = platform === 'win32' ? '.exe' : ''
const programOf = (name: string, file: string) => join(folder, 'node_modules', name, `${file}${suffix}`)

/** Once for each set of versions; their programs are in the packages, no script of theirs runs. */
function installRuntimes(): void {
  const all = Object.values(runtimes)
  const manifest = join(folder, 'package.json')
  mkdirSync(folder, { recursive: true })
  writeFileSync(manifest, JSON.stringify({ private: true }))
  const wanted = all.map(({ name, version }) => `${name}@${version}`)
  const stamp = join(folder, `${wanted.join('+').replaceAll(/[^\w.+-]/g, '-')}.installed`)
  if (existsSync(stamp) && all.every(({ name, file }) => existsSync(programOf(name, file)))) return
  execFileSync(
    'npm',
    ['install', '--no-save', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', ...wanted],
    {
      cwd: folder,
      stdio: 'pipe',
      env: { ...process.env, npm_config_loglevel: 'error' },
    },
  )
  writeFileSync(stamp, '')
}

async function run(program: string, args: string[], url: string): Promise<Record<string, unknown>> {
  const script = fileURLToPath(new URL('runtime-smoke.mjs', import.meta.url))
  const env = { ...process.env, NODE_OPTIONS: '', DENO_NO_UPDATE_CHECK: '1' }
  const { stdout } = await promisify(execFile)(program, [...args, script, url], { env, timeout: 30_000 })
  return JSON.parse(stdout)
}

describe('core and stream, as they were built,', () => {
  beforeAll(installRuntimes)

  const programs: [string, () => [string, string[]]][] = [
    ['this Node', () => [process.execPath, []]],
    ...Object.entries(runtimes).map(([title, { name, file, ...rest }]): (typeof programs)[number] => [
      title,
      () => [programOf(name, file), 'args' in rest ? rest.args : []],
    ]),
  ]

  it.each(programs)('stream, tee, relay, abort, retry and fail alike in %s', async (_, program) => {
    const server = await createRuntimeServer()
    try {
      expect(await run(...program(), server.url)).toEqual({
        plain: 'Grüße',
        final: 'Grüße, 🙂!',
        iterated: 'Grüße, 🙂!',
        teed: ['Grüße, 🙂!', 'Grüße, 🙂!', 'req_1'],
        relayed: streamText,
        left: { code: 'request_aborted', partial: 'Grüße' },
        aborted: { code: 'request_aborted', partial: 'Grüße' },
        refused: { code: 'overloaded' },
        brokenAtFirst: 'Grüße, 🙂!',
        cut: { code: 'stream_interrupted', partial: 'Grüße' },
        open: 0,
      })
    } finally {
      await server.close()
    }
  })
})
