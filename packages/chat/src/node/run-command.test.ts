import { createMockServer, script } from '@enjamb/testing'
import OpenAI, { AuthenticationError } from 'openai'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { failureOf } from '../../test/mock-chat.ts'
import { runCommand } from './run-command.ts'

afterEach(() => vi.unstubAllEnvs())

/** Runs the command beside the test, at a server of Claude's API. */
async function start(args: string[], env: { [name: string]: string } = {}) {
  const turns = script([{ when: { text: 'Slow' }, reply: { text: 'A few words.', stallAfterEvents: 5 } }])
  const server = await createMockServer({ script: turns })
  vi.stubEnv('ANTHROPIC_API_KEY', 'key')
  vi.stubEnv('ANTHROPIC_BASE_URL', server.url)
  const lines: string[] = []
  const complaints: string[] = []
  const stop = new AbortController()
  let listening = () => {}
  const said = new Promise<void>((resolve) => {
    listening = resolve
  })
  const ended = runCommand(args, {
    say: (line) => {
      lines.push(line)
      listening()
    },
    complain: (line) => void complaints.push(line),
    stopped: stop.signal,
    env,
  })
  onTestFinished(async () => {
    stop.abort()
    await ended
    await server.close()
  })
  await Promise.race([ended, said])
  const url = /http\S+\/v1/.exec(lines[0] ?? '')?.[0] ?? ''
  const open = (apiKey: string) => new OpenAI({ apiKey, baseURL: url, maxRetries: 0 })
  return { lines, complaints, ended, stop, open, server }
}

const hi = { messages: [{ role: 'user' as const, content: 'Hi' }] }

describe('serve', () => {
  it('answers OpenAI clients that have the key', async () => {
    const { open, lines } = await start(['serve', '--port', '0', '--key', 'door', '--model', 'gpt-5=haiku'])
    const { choices, model } = await open('door').chat.completions.create({ model: 'gpt-5', ...hi })
    expect([choices[0]?.message.content, model]).toEqual(['You said: Hi', 'claude-haiku-5-5'])
    expect(await failureOf(open('other').chat.completions.create({ model: 'gpt-5', ...hi }))).toBeInstanceOf(
      AuthenticationError,
    )
    expect(lines).toHaveLength(1)
  })

  it('streams, and ends the request of a client that leaves', async () => {
    const { open, server } = await start(['serve', '--port', '0'], { ENJAMB_DOOR_KEY: 'door' })
    const params = { model: 'haiku', stream: true as const }
    let text = ''
    for await (const { choices } of await open('door').chat.completions.create({ ...params, ...hi })) {
      text += choices[0]?.delta.content ?? ''
    }
    expect(text).toBe('You said: Hi')
    const messages = [{ role: 'user' as const, content: 'Slow' }]
    for await (const _ of await open('door').chat.completions.create({ ...params, messages })) break
    expect(server.requests).toHaveLength(2)
  })

  it('makes up a key where none is given, and says it', async () => {
    const { open, lines } = await start(['serve', '--port', '0'])
    const key = lines[1]!.split(': ')[1]!
    expect(key.length).toBeGreaterThan(30)
    expect((await open(key).chat.completions.create({ model: 'haiku', ...hi })).model).toBe('claude-haiku-5-5')
  })

  it('ends when it is stopped', async () => {
    const { ended, stop } = await start(['serve', '--port', '0'])
    stop.abort()
    expect(await ended).toBe(0)
  })

  it.each([
    [['serve', '--port', 'x'], 1, /--port is a number/],
    [['serve', '--model', 'gpt-5'], 1, /--model is like gpt-5=sonnet/],
    [['serve', '--what'], 1, /what/],
    [['play'], 2, /Usage: npx @enjamb\/chat serve/],
    [[], 2, /Usage/],
  ])('says what is wrong with %j', async (args, code, message) => {
    const { ended, complaints } = await start(args)
    expect(await ended).toBe(code)
    expect(complaints.join()).toMatch(message)
  })
})
