import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Anthropic from '@anthropic-ai/sdk'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createMockServer, type ReplayOptions, record, replay, script, type Turn } from '../src/index.ts'

const key = 'sk-ant-api03-secret_key'
const hello = (text: string) => ({
  model: 'claude-opus-4-8',
  max_tokens: 100,
  metadata: { user_id: 'user_of_mine' },
  messages: [{ role: 'user' as const, content: text }],
})
const clientOf = (url: string) => new Anthropic({ apiKey: key, baseURL: url, maxRetries: 0 })

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'enjamb-cassette-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** Records what a client does against a mock, and gives the file. */
async function recorded(turns: Turn[], use: (client: Anthropic) => Promise<unknown>): Promise<string> {
  const api = await createMockServer({ script: script(turns), gzip: true })
  const file = join(folder, 'cassettes', 'one.json')
  const proxy = await record({ upstream: api.url, file })
  await use(clientOf(proxy.url))
  await proxy.close()
  await api.close()
  return file
}

async function replayed<T>(options: ReplayOptions, use: (client: Anthropic) => Promise<T>) {
  const server = await replay(options)
  const result = await use(clientOf(server.url)).finally(() => server.close())
  return { result, mismatches: server.mismatches, left: server.left }
}

const twice = async (client: Anthropic) => [
  await client.messages.stream(hello('One 🌍')).finalMessage(),
  await client.messages.create(hello(`Two, with ${key}`)),
]

describe('a cassette', () => {
  it('replays what was recorded', async () => {
    let first: unknown
    const file = await recorded([{ text: 'Zürich 🌍', chunkBytes: 7 }, 'Whole.'], async (client) => {
      first = await twice(client)
    })
    const { result, left, mismatches } = await replayed({ file, timing: true }, twice)
    expect(result).toEqual(first)
    expect([left, mismatches]).toEqual([0, []])
  })

  it('serves a page of another origin, and holds nothing of what its browser asks beforehand', async () => {
    const consent = 'anthropic-dangerous-direct-browser-access'
    const ask = { 'access-control-request-method': 'POST', 'access-control-request-headers': consent }
    const headers = { origin: 'https://app.example', [consent]: 'true' }
    const asPage = async ({ baseURL }: Anthropic) => {
      const preflight = await fetch(`${baseURL}/v1/messages`, { method: 'OPTIONS', headers: ask })
      const client = new Anthropic({ apiKey: key, baseURL, defaultHeaders: headers, maxRetries: 0 })
      const { response } = await client.messages.create(hello('From a page')).withResponse()
      return [preflight, response].map((each) => each.headers.get('access-control-allow-origin'))
    }
    const file = await recorded(['Hello, page.'], asPage)
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ exchanges: [{ request: { method: 'POST' } }] })
    const { result, left } = await replayed({ file }, asPage)
    expect([result, left]).toEqual([['*', '*'], 0])
  })

  it('holds no credential, no organisation and no user, and reads well', async () => {
    const file = await recorded(['One.', 'Two.'], twice)
    const text = await readFile(file, 'utf8')
    expect(text).not.toMatch(/sk-ant-api03|secret_key|user_of_mine|organization/)
    expect(text).toContain('"content": "Two, with sk-ant-redacted"')
    expect(text).toMatch(/^ +\[\d+,"event: message_start/m)
  })

  it('says where a request differs, and is not asked again', async () => {
    const file = await recorded(['One.', 'Two.'], twice)
    const { result, mismatches, left } = await replayed({ file }, (client) =>
      client
        .withOptions({ maxRetries: 2 })
        .messages.create({ ...hello('Other'), stream: true })
        .catch((error: unknown) => error),
    )
    expect(result).toBeInstanceOf(Anthropic.InternalServerError)
    expect(mismatches).toEqual([
      'The request is not the recorded one:\n  body.messages.0.content: recorded "One 🌍", now "Other"',
    ])
    expect(left).toBe(2)
  })

  it('can be asked in any order, or give its answers in order whatever is asked', async () => {
    const file = await recorded(['One.', 'Two.'], twice)
    const backwards = async (client: Anthropic) => {
      const second = await client.messages.create(hello(`Two, with ${key}`))
      return [second.content, await client.messages.stream(hello('One 🌍')).finalText()]
    }
    expect((await replayed({ file, match: 'any' }, backwards)).result).toMatchObject([[{ text: 'Two.' }], 'One.'])
    const anything = (client: Anthropic) => client.messages.stream(hello('Anything')).finalText()
    expect((await replayed({ file, match: 'order' }, anything)).result).toBe('One.')
    const { result } = await replayed({ file, match: 'any' }, (client) =>
      anything(client).catch((error: Error) => error.message),
    )
    expect(result).toContain('No such request was recorded')
  })

  it('keeps errors, and streams that broke', async () => {
    const both = async (client: Anthropic) => [
      await client.messages.create(hello('A')).catch((error: unknown) => (error as { status: number }).status),
      await client.messages
        .stream(hello('B'))
        .finalMessage()
        .catch((error: unknown) => error instanceof Error),
    ]
    const file = await recorded([{ error: 529 }, { text: 'Never whole, this one', cutAfterEvents: 5 }], both)
    expect((await replayed({ file }, both)).result).toEqual([529, true])
  })

  it('holds nothing of an API that is out of reach', async () => {
    const file = join(folder, 'one.json')
    const proxy = await record({ upstream: 'http://127.0.0.1:9', file })
    await expect(clientOf(proxy.url).messages.create(hello('A'))).rejects.toBeInstanceOf(Anthropic.APIConnectionError)
    await proxy.close()
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ version: 1, exchanges: [] })
  })

  it('is refused where the file is none', async () => {
    const file = join(folder, 'x.json')
    await expect(replay({ file })).rejects.toThrow('ENOENT')
    await writeFile(file, '{"version":1}')
    await expect(replay({ file })).rejects.toThrow('x.json is not a cassette')
    await writeFile(file, 'nonsense')
    await expect(replay({ file })).rejects.toThrow('x.json is not a cassette')
  })
})
