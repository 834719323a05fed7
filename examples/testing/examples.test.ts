import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'

const folderOf = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const read = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8')

/** Starts Node on the sources of the packages, with nothing in its environment that would change what the examples do. */
function start(cwd: string, args: string[], env: Record<string, string> = {}) {
  const { PATH = '', HOME = '', CHROMIUM_PATH = '' } = process.env
  const child = spawn(process.execPath, args, {
    cwd,
    env: { PATH, HOME, CHROMIUM_PATH, NODE_OPTIONS: '-C @enjamb/source', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  // Where a test runs out of time, its program does not go on.
  onTestFinished(() => void child.kill())
  return child
}

async function run(...args: Parameters<typeof start>) {
  const child = start(...args)
  const ended = once(child, 'close')
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [code] = await ended
  return { code, output: out + err }
}

describe('the examples of the guide', { timeout: 120_000 }, () => {
  it('pass with node:test', async () => {
    const { code, output } = await run(folderOf('node-test'), ['--import', 'tsx', '--test'])
    expect(output).toMatch(/^# pass 2$/m)
    expect(code).toBe(0)
  })

  it('pass with Playwright', async () => {
    const cli = createRequire(import.meta.url).resolve('@playwright/test/cli')
    const results = mkdtempSync(join(tmpdir(), 'enjamb-playwright-'))
    try {
      const args = [cli, 'test', '--config', 'repository.config.ts', '--reporter', 'line', '--output', results]
      const { code, output } = await run(folderOf('playwright'), args)
      expect(output).toContain('5 passed')
      expect(code).toBe(0)
    } finally {
      rmSync(results, { recursive: true, force: true })
    }
  })

  it('serve a script to any program', async () => {
    const [, , ...given] = read('command/serve.sh').trim().split(' ')
    const command = createRequire(import.meta.url)
      .resolve('@enjamb/testing')
      .replace(/index\.(ts|js)$/, 'cli.$1')
    const child = start(folderOf('command'), ['--import', 'tsx', command, ...given, '--port', '0'])
    try {
      let said = ''
      for await (const part of child.stdout) {
        said += part
        if (said.includes('\n')) break
      }
      const address = /http:\S+(?=:)/.exec(said)?.[0] ?? ''
      const ask = () => fetch(...requestOf(read('command/ask.sh'), address))
      expect((await ask()).status).toBe(429)
      expect((await ask()).status).toBe(429)
      expect(await (await ask()).json()).toMatchObject({
        content: [{ type: 'thinking' }, { text: 'Hello from a file.' }],
      })
    } finally {
      child.kill()
      await once(child, 'close')
    }
  })
})

/** What curl would send, to another address. */
function requestOf(curl: string, address: string): [string, RequestInit] {
  const headers = [...curl.matchAll(/--header '([^:]+): ([^']+)'/g)].map(([, name = '', value = '']) => [name, value])
  const path = /http:\/\/[^/\s]+(\S+)/.exec(curl)?.[1]
  const body = /--data '([^']+)'/.exec(curl)?.[1] ?? ''
  return [`${address}${path}`, { method: 'POST', headers: Object.fromEntries(headers), body }]
}
