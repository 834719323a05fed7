import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConfigError, costOf, OverloadedError } from '@enjamb/core'
import { createMockServer, type MockServer, script, type Turn } from '@enjamb/testing'
import { permissions } from '@enjamb/tools'
import { codingTools } from '@enjamb/tools/node'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AgentEvent, type AgentOptions, createAgent, query } from '../index.ts'

let cwd: string
let server: MockServer | undefined

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'enjamb-agent-'))
  await writeFile(join(cwd, 'a.txt'), 'alpha')
  await writeFile(join(cwd, 'b.txt'), 'beta')
})
afterEach(async () => {
  await server?.close()
  server = undefined
  await rm(cwd, { recursive: true })
})

async function setUp(turns: Turn[], options: AgentOptions = {}) {
  server = await createMockServer({ script: script(turns) })
  const settings: AgentOptions = {
    apiKey: 'key',
    baseURL: server.url,
    model: 'haiku',
    tools: codingTools({ cwd }),
    retry: { maxRetries: 0 },
    ...options,
  }
  return { settings, session: await createAgent(settings).session() }
}

async function failureOf(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => expect.fail('it did not fail'),
    (error) => error,
  )
}

const look: Turn[] = [
  { text: 'I look.', toolCalls: [{ name: 'Glob', input: { pattern: '*.txt' } }] },
  ({ toolResults }) => `There are ${toolResults[0]?.text.split('\n').length} files.`,
  {
    toolCalls: [
      { name: 'Read', input: { file_path: 'a.txt' } },
      { name: 'Read', input: { file_path: 'b.txt' } },
    ],
  },
  ({ toolResults }) => toolResults.map(({ text }) => text.split('\t')[1]).join(' '),
]

describe('a session', () => {
  it('shows what the model thinks, unless told otherwise, where the model thinks unasked', async () => {
    const thought = async (options: AgentOptions) => {
      const { session } = await setUp(['Done.'], options)
      await session.send('Think.').final()
      const { body } = server!.requests.at(-1)!
      await server!.close()
      return (body as { thinking?: object }).thinking
    }
    expect(await thought({ model: 'opus' })).toEqual({ type: 'adaptive', display: 'summarized' })
    expect(await thought({ model: 'opus', display: 'omitted' })).toEqual({ type: 'adaptive', display: 'omitted' })
    expect(await thought({ model: 'claude-haiku-4-5' })).toBeUndefined()
    expect(() => createAgent({ apiKey: 'key', model: 'opus', thinking: false })).toThrow("effort: 'low'")
  })

  it('answers over several turns with tools that really work, and remembers', async () => {
    const { session } = await setUp(look)
    const events: AgentEvent[] = []
    for await (const event of session.send('Which files?')) events.push(event)
    const isPiece = ({ type }: AgentEvent) => type === 'text' || type === 'tool_input'
    expect(events.filter((event) => !isPiece(event)).map(({ type }) => type)).toEqual([
      'prompt',
      'tool_call',
      'tool_start',
      'reply',
      'tool_result',
      'reply',
      'turn_end',
    ])
    const text = events.flatMap((event) => (event.type === 'text' ? [event.text] : [])).join('')
    expect(text).toBe('I look.There are 2 files.')

    const result = await session.send('Read them.').final()
    expect(result).toMatchObject({ text: 'alpha beta', requests: 2 })
    expect(result.calls.map(({ name, isError }) => [name, isError])).toEqual([
      ['Read', false],
      ['Read', false],
    ])
    expect(session.messages.map(({ role }) => role)).toEqual([
      'user',
      'assistant',
      'user',
      'assistant',
      'user',
      'assistant',
      'user',
      'assistant',
    ])
  })

  it('counts every request, exactly', async () => {
    const { session } = await setUp(look)
    expect(session.usage).toBeUndefined()
    const costs: number[] = []
    for (const prompt of ['Which files?', 'Read them.']) {
      const turn = session.send(prompt)
      const before = costs.length
      for await (const event of turn) {
        if (event.type === 'reply') costs.push(costOf(event.message.model, event.message.usage)!.nanoUsd)
      }
      expect((await turn.final()).cost?.nanoUsd).toBe(costs.slice(before).reduce((sum, cost) => sum + cost))
    }
    expect(costs).toHaveLength(4)
    expect(session.cost?.nanoUsd).toBe(costs.reduce((sum, cost) => sum + cost))
    expect(session.usage?.cache_read_input_tokens).toBeGreaterThan(0)
  })

  it('offers the tools that are allowed, less those that are denied', async () => {
    const { session } = await setUp(['ok'], { allowTools: ['Read', 'Glob'], denyTools: ['Gl*'] })
    await session.send('Hi').final()
    const body = server!.requests[0]?.body as { tools: { name: string }[] }
    expect(body.tools.map(({ name }) => name)).toEqual(['Read'])
  })

  it('asks for permission before each call, and makes none that it does not get', async () => {
    const calls: Turn = {
      toolCalls: [
        { name: 'Write', input: { file_path: 'c.txt', content: 'gamma' } },
        { name: 'Read', input: { file_path: 'a.txt' } },
      ],
    }
    const { session } = await setUp([calls, 'Then not.'], { permission: permissions({ cwd, deny: ['Write'] }) })
    const { text, calls: made } = await session.send('Write it.').final()
    expect(text).toBe('Then not.')
    expect(made.map(({ name, isError }) => [name, isError])).toEqual([
      ['Write', true],
      ['Read', false],
    ])
    expect(await readdir(cwd)).toEqual(['a.txt', 'b.txt'])
  })

  it('works without any tool, and gives text to a listener', async () => {
    const { session } = await setUp(['Just text.'], { tools: [] })
    let heard = ''
    const { text } = await session.send('Hi', { onText: (piece) => (heard += piece) }).final()
    expect([text, heard]).toEqual(['Just text.', 'Just text.'])
    expect(server!.requests[0]?.body).not.toHaveProperty('tools')
  })

  it('goes on after an error, with a history that the API accepts', async () => {
    const { session } = await setUp([{ error: 529 }, 'Here I am.', look[0]!, { error: 529 }, 'And again.'])
    expect(await failureOf(session.send('One').final())).toBeInstanceOf(OverloadedError)
    expect((await session.send('Two').final()).text).toBe('Here I am.')
    expect(await failureOf(session.send('Three').final())).toBeInstanceOf(OverloadedError)
    expect((await session.send('Four').final()).text).toBe('And again.')
  })

  it('goes on after a turn that was left or aborted anywhere', async () => {
    for (let stop = 1; stop < 12; stop++) {
      const { session } = await setUp([...look, 'After all.', 'After all.', 'After all.', 'After all.'])
      let seen = 0
      for await (const _ of session.send('Which files?')) if (++seen === stop) break
      const turn = session.send('Go on.')
      expect((await turn.final()).message?.stop_reason, `left after event ${stop}`).toBe('end_turn')
      await server!.close()
    }
    const { session } = await setUp([{ text: 'Slow, very slow words.', eventDelayMs: 20 }, 'After all.'])
    const controller = new AbortController()
    const turn = session.send('Hi', { signal: controller.signal, onText: () => controller.abort() })
    expect((await turn.final()).status).toBe('interrupted')
    expect((await session.send('Again').final()).text).toBe('After all.')
  })

  it('makes turns one after the other, and forgets one that was never read', async () => {
    const { session } = await setUp([{ text: 'One, slowly.', eventDelayMs: 2 }, 'Two.'])
    const turns = [session.send('First'), session.send('Never read'), session.send('Second')]
    const [first, second] = await Promise.all([turns[0]!.final(), turns[2]!.final()])
    expect([first.text, second.text]).toEqual(['One, slowly.', 'Two.'])
    expect(JSON.stringify(session.messages)).not.toContain('Never read')
    expect(session.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant'])
  })
})

it('query asks once, and counts all that it took', async () => {
  const { settings } = await setUp(look)
  const reply = await query('Which files?', settings)
  expect(reply.text).toBe('There are 2 files.')
  expect(reply.usage.output_tokens).toBeGreaterThan(reply.message.usage.output_tokens)
  expect(reply.cost!.nanoUsd).toBeGreaterThan(0)
})

it('createAgent refuses what it cannot use', () => {
  expect(() => createAgent({ apiKey: 'k', model: 'sonet' })).toThrow(ConfigError)
  for (const maxTurns of [0, -1, Number.NaN]) {
    expect(() => createAgent({ apiKey: 'k', maxTurns })).toThrow('maxTurns must be 1 or more.')
  }
  expect(() =>
    createAgent({ apiKey: 'k', tools: [...codingTools({ cwd: '.' }), ...codingTools({ cwd: '.' })] }),
  ).toThrow(ConfigError)
})
