import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Anthropic from '@anthropic-ai/sdk'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runCommand } from './run-command.ts'

const hello = { model: 'claude-opus-4-8', max_tokens: 100, messages: [{ role: 'user' as const, content: 'Hi' }] }

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'enjamb-command-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** Runs a command, uses it while it runs, and stops it. */
async function run(args: string[], use: (client: Anthropic) => Promise<unknown> = async () => {}) {
  const stop = new AbortController()
  const lines: string[] = []
  let listen: (url: string | undefined) => void = () => {}
  const listening = new Promise<string | undefined>((resolve) => {
    listen = resolve
  })
  const say = (line: string) => {
    lines.push(line)
    listen(/http:\S+(?=:)/.exec(line)?.[0])
  }
  const code = runCommand(args, { say, complain: say, stopped: stop.signal })
  const url = await listening
  if (url !== undefined) await use(new Anthropic({ apiKey: 'k', baseURL: url, maxRetries: 0 }))
  stop.abort()
  return { code: await code, lines }
}

describe('the command', () => {
  it.each([
    ['turns.json', JSON.stringify([{ error: 529 }, 'From a file.'])],
    ['turns.mjs', `export default [{ error: 529 }, () => 'From a file.']`],
    ['script.mjs', `export default { turns: [{ error: 529 }, 'From a file.'] }`],
  ])('serves a script from %s', async (name, content) => {
    const file = join(folder, name)
    await writeFile(file, content)
    const { code } = await run(['serve', '--script', file, '--port', '0'], async (client) => {
      await expect(client.messages.create(hello)).rejects.toBeInstanceOf(Anthropic.InternalServerError)
      expect((await client.messages.create(hello)).content).toMatchObject([{ text: 'From a file.' }])
    })
    expect(code).toBe(0)
  })

  it('records, and replays what it recorded', async () => {
    const file = join(folder, 'cassette.json')
    await run(['serve', '--port', '0'], async ({ baseURL }) => {
      await run(['record', '--upstream', baseURL, '--file', file, '--port', '0'], (client) =>
        client.messages.create(hello),
      )
    })
    await run(['replay', '--file', file, '--port', '0'], async (client) => {
      expect((await client.messages.create(hello)).content).toMatchObject([{ text: 'You said: Hi' }])
    })
  })

  it.each([
    [[], 2, 'Usage'],
    [['sing'], 2, 'Usage'],
    [['--help'], 0, 'Usage'],
    [['serve', '--nonsense'], 1, '--nonsense'],
    [['serve', '--port', 'x'], 1, '--port is a number'],
    [['serve', '--script', 'nowhere.json'], 1, 'ENOENT'],
    [['record'], 1, '--file is missing'],
    [['replay', '--file', 'x', '--match', 'y'], 1, '--match is'],
  ])('%j ends with %i', async (args, expected, said) => {
    const { code, lines } = await run(args)
    expect(code).toBe(expected)
    expect(lines.join('\n')).toContain(said)
  })
})
