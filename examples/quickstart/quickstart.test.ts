import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { createMockServer, script } from '@enjamb/testing'
import { describe, expect, it } from 'vitest'

const main = fileURLToPath(new URL('main.ts', import.meta.url))

/** Runs the quickstart as a script would, without a terminal, on the sources. */
async function run(env: Record<string, string> = {}) {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, ['--import', 'tsx', '-C', '@enjamb/source', main], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [out, err, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.once('close', resolve)),
  ])
  return { out, err, code }
}

const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('enjamb-quickstart-'))

describe('the quickstart', { timeout: 30_000 }, () => {
  it('tells its story on the mock API, ends by itself and cleans up', async () => {
    const before = folders()
    const { out, err, code } = await run()
    expect(err).toBe('')
    expect(code).toBe(0)
    expect(out).toMatch(/mock API at http:\/\/127\.0\.0\.1:\d+/)
    expect(out).toContain('An enjambment is')
    expect(out).toMatch(/claude-haiku-5-5, \d+ tokens in, \d+ out, \$0\.\d{6}, request req_/)
    expect(out).toMatch(/→ Glob .*\n.*← Glob: \d+ characters/)
    expect(out.match(/→ Read/g)).toHaveLength(2)
    expect(out).not.toContain('failed')
    expect(out).toContain('train.txt is the longer one, with 3 lines.')
    expect(out).toMatch(/together +\$0\.\d{6}\n$/)
    expect(folders()).toEqual(before)
  })

  it('says in a sentence what went wrong, and leaves no folder behind', async () => {
    const before = folders()
    const server = await createMockServer({ apiKeys: ['the-right-key'] })
    try {
      const wrongKey = await run({ ANTHROPIC_API_KEY: 'sk-ant-api03-wrong', ANTHROPIC_BASE_URL: server.url })
      const noHost = await run({ ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: 'http://127.0.0.1:1' })
      const noURL = await run({ ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: 'api.anthropic.com' })
      expect(wrongKey.err).toMatch(/401 authentication_error: .*\nCheck the credential/)
      expect(noHost.err).toContain('http://127.0.0.1:1')
      expect(noURL.err).toContain('baseURL')
      for (const { code, err, out } of [wrongKey, noHost, noURL]) {
        expect(code).toBe(1)
        expect(err.trim().split('\n').length).toBeLessThan(4)
        expect(err + out).not.toMatch(/ {4}at |wrong/)
      }
    } finally {
      await server.close()
    }
    expect(folders()).toEqual(before)
  })

  // `script` gives the program a terminal.
  it.runIf(spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0)(
    'takes Ctrl-C in the middle of an answer for the end of that answer, and asks again',
    async () => {
      const slowly = { text: 'A long answer. '.repeat(400), eventDelayMs: 20 }
      const server = await createMockServer({
        script: script(['An enjambment.', 'Rhine, Rhone, Elbe.', 'Two poems.', 'The train.', slowly, 'After all.']),
      })
      const { PATH = '', HOME = '' } = process.env
      const command = `${process.execPath} --import tsx -C @enjamb/source ${main}`
      const child = spawn('script', ['-qec', command, '/dev/null'], {
        cwd: fileURLToPath(new URL('.', import.meta.url)),
        env: { PATH, HOME, TERM: 'dumb', ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: server.url },
      })
      let seen = ''
      child.stdout.on('data', (chunk) => {
        seen += chunk
      })
      const shown = async (text: RegExp) => {
        while (!text.test(seen)) await once(child.stdout, 'data')
        seen = seen.replace(text, '')
      }
      try {
        await shown(/an empty line ends/)
        child.stdin.write('Tell me all.\n')
        await shown(/A long answer\. A long/)
        child.stdin.write('\x03')
        await shown(/Interrupted\./)
        child.stdin.write('And now?\n')
        await shown(/After all\./)
        child.stdin.write('\x03')
        expect(await once(child, 'close')).toEqual([0, null])
      } finally {
        child.kill('SIGKILL')
        await server.close()
      }
    },
  )
})
