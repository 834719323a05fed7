import { type ChildProcess, fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createUsageMeter, type MessageParam } from '@enjamb/core'
import { createMockServer, script, type Turn } from '@enjamb/testing'
import { defineTool } from '@enjamb/tools'
import { codingTools } from '@enjamb/tools/node'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { buildProgram } from '../../test/build-program.ts'
import {
  type AgentEvent,
  type AgentOptions,
  CompactionError,
  createAgent,
  type Entry,
  type Session,
  type SessionEvent,
} from '../index.ts'
import { fileStore } from '../node/index.ts'

let programs: string
let program: string
let child: ChildProcess | undefined

beforeAll(async () => {
  programs = mkdtempSync(join(tmpdir(), 'enjamb-complaints-'))
  program = join(programs, 'worker.mjs')
  await buildProgram(new URL('../../test/complaint-worker.ts', import.meta.url), program)
})
afterEach(() => void child?.kill('SIGKILL'))
afterAll(() => rmSync(programs, { recursive: true }))

async function setUp(turns: Turn[], options: AgentOptions = {}) {
  const server = await createMockServer({ script: script(turns) })
  const folder = mkdtempSync(join(tmpdir(), 'enjamb-complaint-'))
  onTestFinished(async () => {
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const effects: string[] = []
  const tool = (name: string, idempotent: boolean) =>
    defineTool({
      name,
      description: 'Has an effect.',
      input: { type: 'object' },
      idempotent,
      run: (_, { idempotencyKey }) => void effects.push(`${name} ${idempotencyKey}`),
    })
  const make = (others: AgentOptions = {}) =>
    createAgent({
      apiKey: 'key',
      baseURL: server.url,
      retry: { maxRetries: 0 },
      store: fileStore(folder),
      tools: [tool('pay', false), tool('set', true), tool('ask', false)],
      ...options,
      ...others,
    })
  /** Asks in a process of its own, which is killed when it has said these things, one after the other. */
  async function killAfter(messages: string[], mode: 'run' | 'hang', ...prompts: string[]): Promise<void> {
    const worker = fork(program, [folder, server.url, mode, ...prompts], { stdio: 'inherit' })
    child = worker
    let at = 0
    await new Promise<void>((resolve) => {
      worker.on('message', (said) => {
        if (said === messages[at] && ++at === messages.length) resolve()
      })
    })
    worker.kill('SIGKILL')
    await once(worker, 'exit')
  }
  /** Opens the session that another process had. */
  async function reopen(others: AgentOptions = {}): Promise<Session> {
    const session = await make(others).session({ id: 's', resume: true })
    onTestFinished(() => session.close())
    return session
  }
  const done = () => readFileSync(join(folder, 'effects'), 'utf8').split('\n').filter(Boolean)
  return { server, folder, make, killAfter, reopen, effects, done }
}

async function eventsOf(events: AsyncIterable<AgentEvent>): Promise<AgentEvent[]> {
  const all: AgentEvent[] = []
  for await (const event of events) all.push(event)
  return all
}

describe('a session that cannot be resumed or lost its end', () => {
  it('is resumed after kill -9, with all that was answered, and with a torn last line', {
    timeout: 60_000,
  }, async () => {
    const slow = { text: 'A long answer that nobody waits for. '.repeat(50), eventDelayMs: 20 }
    const { folder, killAfter, reopen, server } = await setUp(['Noted: 42.', slow, 'It is 42.'])
    await killAfter(['turn_end', 'text'], 'run', 'Remember 42.', 'Tell me a story.')
    const [journal] = readdirSync(folder).filter((name) => name.endsWith('.jsonl'))
    appendFileSync(join(folder, journal!), '{"v":1,"seq":99,"type":"repl')
    const session = await reopen()
    expect(session.status).toBe('interrupted')
    expect(session.messages.slice(0, 2)).toMatchObject([
      { content: 'Remember 42.' },
      { role: 'assistant', content: [{}, { text: 'Noted: 42.' }] },
    ])
    expect((await session.continue()!.final()).text).toBe('It is 42.')
    const { messages } = server.requests.at(-1)!.body as { messages: MessageParam[] }
    expect(JSON.stringify(messages)).toMatch(/Remember 42.*Noted: 42.*Tell me a story/)
  })
})

describe('an approval that dies with its process', () => {
  it('waits after kill -9 in the journal, and what was shown runs, once', { timeout: 60_000 }, async () => {
    const calls = { toolCalls: [{ name: 'ask', id: 'a', input: { sum: 7 } }] }
    const { killAfter, reopen, effects } = await setUp([calls, 'Done.'])
    await killAfter(['turn_end'], 'run', 'Go.')
    const session = await reopen()
    const [{ id, hash, input }] = session.pending as [(typeof session.pending)[0]]
    expect([session.status, id, input]).toEqual(['waiting', 'a', { sum: 7 }])
    const turn = await session.decide(id, { allow: true, hash })
    expect((await turn!.final()).text).toBe('Done.')
    expect(effects).toHaveLength(1)
    await expect(session.decide(id, { allow: true })).rejects.toThrow('what waits: nothing')
  })
})

describe('a denied or open call that breaks the next request', () => {
  it('is answered in any case, so that the next request is accepted', async () => {
    const calls: Turn = { toolCalls: [{ name: 'ask' }, { name: 'pay' }, { name: 'missing' }, { name: 'hang' }] }
    const hang = defineTool({
      name: 'hang',
      description: 'Hangs.',
      input: { type: 'object' },
      run: () => new Promise(() => {}),
    })
    const pay = defineTool({ name: 'pay', description: 'Pays.', input: { type: 'object' }, run: () => 'paid' })
    const ask = defineTool({ name: 'ask', description: 'Asks.', input: { type: 'object' }, run: () => 'asked' })
    const { make, server } = await setUp([calls, 'Go on.', calls, 'After all.'], {
      tools: [hang, pay, ask],
      permission: ({ name }) => (name === 'ask' ? { allow: false, reason: 'no' } : { allow: true }),
    })
    const session = await make().session()
    for (const prompt of ['One', 'Two']) {
      const turn = session.send(prompt)
      for await (const event of turn) {
        // It is open, and will be for ever.
        if (event.type === 'tool_start' && event.name === 'hang') void session.interrupt('enough')
      }
      expect((await turn.final()).status).toBe('interrupted')
      expect(await session.send('And?').final()).toMatchObject({ status: 'completed' })
    }
    expect(server.requests).toHaveLength(4)
    await session.close()
  })
})

describe('a compaction that bricks the session', () => {
  it('leaves all as it was where it fails, waits for open calls, and is gone on from where it works', async () => {
    const long = 'Many words that fill a window, one after the other. '.repeat(40)
    const asks = { toolCalls: [{ name: 'ask', id: 'a' }] }
    const turns: Turn[] = ['One.', { error: 529 }, 'Two.', asks, 'Three.', 'All in short.', 'Four.']
    const { make, reopen } = await setUp(turns, {
      model: 'claude-haiku-4-5',
      permission: ({ name }) => (name === 'ask' ? { defer: true } : { allow: true }),
    })
    const first = await make().session({ id: 's' })
    await first.send(long).final()
    const before = first.messages
    await expect(first.compact()).rejects.toThrow(CompactionError)
    expect(first.messages).toEqual(before)
    expect((await first.send('On.').final()).text).toBe('Two.')
    await first.send('Ask.').final()
    await expect(first.compact()).rejects.toThrow(/calls/)
    const turn = await first.decide('a', { allow: true })
    expect((await turn!.final()).text).toBe('Three.')
    await first.compact()
    expect(first.messages).toHaveLength(1)
    await first.close()
    const second = await reopen()
    expect((await second.send('And now?').final()).text).toBe('Four.')
  })
})

describe('a cache silently missed at ten times the cost', () => {
  const system = 'A rule of this house, which stands in each request, is kept by all who work in it. '.repeat(600)

  it('is read by each request, also of the next process; one that misses it says so, and where', async () => {
    const { make, reopen, server } = await setUp([{ times: 8, reply: 'Yes.' }], { system, model: 'sonnet' })
    const first = await make().session({ id: 's' })
    for (const prompt of ['One', 'Two', 'Three']) await first.send(prompt).final()
    await first.close()
    const second = await reopen()
    const events = await eventsOf(second.send('Four'))
    expect(events.filter(({ type }) => type === 'cache_break')).toEqual([])
    const usages = server.ledger.entries.map(({ usage }) => usage as { cache_read_input_tokens?: number })
    const reads = usages.map(({ cache_read_input_tokens: read = 0 }) => read > 5_000)
    expect(reads).toEqual([false, true, true, true])
    await second.close()
    const third = await reopen({ system: `${system} And one more.` })
    const missed = await eventsOf(third.send('Five'))
    expect(missed.filter(({ type }) => type === 'cache_break')).toMatchObject([
      { block: expect.stringContaining('system') },
    ])
  })
})

describe('a cap that overshoots or hangs', () => {
  it('ends turns before it could be broken, of many sessions at once, and all of them end', async () => {
    const reply = { text: 'One more thing to do. '.repeat(150), toolCalls: [{ name: 'set' }] }
    const turns: Turn[] = [{ times: Number.POSITIVE_INFINITY, reply }]
    const { make, server } = await setUp(turns, { model: 'sonnet', maxTokens: 1_000 })
    const usd = 0.5
    const budget = createUsageMeter({ budgets: { default: { usd } } })
    const sessions = await Promise.all([1, 2, 3, 4].map((n) => make().session({ id: `s${n}` })))
    const results = await Promise.all(sessions.map((session) => session.send('Go on for ever.', { budget }).final()))
    for (const { status } of results) expect(status).toBe('over_budget')
    expect(server.ledger.cost.usd).toBeLessThanOrEqual(usd)
    expect(server.ledger.cost.usd).toBeGreaterThan(usd / 2)
    await Promise.all(sessions.map((session) => session.close()))
  })
})

describe('processes that leak', () => {
  it('end with the turn that is interrupted, and with the tools that are closed', { timeout: 60_000 }, async () => {
    const marks = [1, 2].map((n) => `9${process.pid}${n}.25`)
    const alive = () => marks.map((mark) => spawnSync('pgrep', ['-f', `sleep ${mark}`]).status === 0)
    const command = (mark: string) => `(sleep ${mark}; echo never) | cat`
    const turns: Turn[] = [
      { toolCalls: [{ name: 'Bash', input: { command: command(marks[0]!), run_in_background: true } }] },
      { toolCalls: [{ name: 'Bash', input: { command: command(marks[1]!) } }] },
    ]
    const { folder, make } = await setUp(turns)
    const tools = codingTools({ cwd: folder })
    const session = await make({ tools }).session()
    const turn = session.send('Wait.')
    let begun = 0
    for await (const { type } of turn) {
      if (type !== 'tool_start' || ++begun < 2) continue
      while (alive().includes(false)) await setImmediate()
      void session.interrupt('enough')
    }
    expect((await turn.final()).status).toBe('interrupted')
    while (alive()[1]) await setImmediate()
    await session.close()
    await tools.close()
    while (alive()[0]) await setImmediate()
    expect(alive()).toEqual([false, false])
  })
})

describe('a stream that cannot be re-attached to and stopped', () => {
  it('is taken up in mid-answer by whoever comes back, and stopping it ends the request upstream', async () => {
    let asked = 0
    const upstream = createServer(async (request, response) => {
      asked++
      for await (const _ of request);
      const send = (event: { type: string }) =>
        response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const usage = { input_tokens: 1, output_tokens: 1 }
      const message = { id: 'm', type: 'message', role: 'assistant', model: 'claude-haiku-5-5', content: [], usage }
      send({ type: 'message_start', message } as never)
      send({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } } as never)
      let n = 0
      const timer = setInterval(() => {
        send({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: `${n++} ` } } as never)
      }, 5)
      response.on('close', () => clearInterval(timer))
    })
    await once(upstream.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => void upstream.close())
    const { make } = await setUp([])
    const agent = make({ baseURL: `http://127.0.0.1:${(upstream.address() as AddressInfo).port}` })
    const session = await agent.session({ id: 's' })
    const left = new Promise<void>((resolve) =>
      upstream.on('request', (_, response) => response.on('close', () => resolve())),
    )
    const result = session.send('Count.').final()
    const read = async (pieces: number, after?: string) => {
      const seen: SessionEvent[] = []
      for await (const event of agent.events('s', { after })) {
        seen.push(event)
        if (event.type === 'text' && !--pieces) break
      }
      return seen
    }
    const first = await read(3)
    // The page is closed, and the answer goes on; then it is loaded again.
    const second = await read(3, first.at(-1)!.position)
    const text = [...first, ...second].map((event) => (event.type === 'text' ? event.text : '')).join('')
    const numbers = text.trim().split(' ').map(Number)
    expect(numbers.slice(0, -1)).toEqual([...numbers.keys()].slice(0, -1))
    expect(second.some(({ type }) => type === 'prompt')).toBe(false)
    await session.interrupt('enough')
    await left
    expect(await result).toMatchObject({ status: 'interrupted' })
    expect(asked).toBe(1)
    await session.close()
  })
})

describe('an effect run twice on resume', () => {
  it('is not: after kill -9 in mid-call it is reported; one that is idempotent is made again, with its key', {
    timeout: 60_000,
  }, async () => {
    for (const name of ['pay', 'set']) {
      const { killAfter, reopen, effects, done, server } = await setUp([{ toolCalls: [{ name, id: 'a' }] }, 'Done.'])
      await killAfter(['hangs'], 'hang', 'Go.')
      const [before] = done()
      const session = await reopen()
      expect((await session.continue()!.final()).text).toBe('Done.')
      expect(effects).toEqual(name === 'set' ? [before] : [])
      const told = JSON.stringify((server.requests.at(-1)!.body as { messages: MessageParam[] }).messages.at(-1))
      expect(told.includes('may have had effects')).toBe(name === 'pay')
    }
  })
})

describe('state that a new version cannot read', () => {
  it('is read: a journal of version 1 goes on, with what a later version wrote into it kept, and passed over', async () => {
    const { folder, reopen, server } = await setUp(['And on.'])
    const kept = fileURLToPath(new URL('../../test/fixtures/journal-v1.jsonl', import.meta.url))
    writeFileSync(join(folder, 's.jsonl'), readFileSync(kept))
    const session = await reopen()
    expect(session.status).toBe('idle')
    const outline = session.messages.map(({ role, content }) =>
      typeof content === 'string' ? content : `${role} ${content.map(({ type }) => type).join(' ')}`,
    )
    expect(outline).toMatchInlineSnapshot(`
      [
        "The conversation so far, as a summary to go on from:

      All in short.",
        "And?",
        "assistant text",
      ]
    `)
    expect([session.title, session.cost?.nanoUsd]).toMatchInlineSnapshot(`
      [
        "A session of version 1",
        2885100,
      ]
    `)
    expect((await session.send('Go on.').final()).text).toBe('And on.')
    expect((server.requests[0]!.body as { messages: MessageParam[] }).messages).toHaveLength(outline.length + 1)
    const entries: Entry[] = []
    for await (const entry of session.entries()) entries.push(entry)
    expect(entries.map(({ type }) => type as string)).toContain('dream')
  })
})
