import { createClient, createMessage, type MessageParam, OverloadedError, retrieveModel } from '@enjamb/core'
import { createMockServer, script, type Turn } from '@enjamb/testing'
import { defineTool, runTools } from '@enjamb/tools'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type AgentOptions, createAgent, type Entry, type Session } from '../../index.ts'
import { toLog } from '../log/to-log.ts'
import { ReplayError } from './replay-error.ts'
import { replaySession } from './replay-session.ts'

const input = { type: 'object', properties: { path: { type: 'string' } } } as const
const done: string[] = []
const look = defineTool({
  name: 'look',
  description: 'Looks.',
  input,
  readOnly: true,
  run: ({ path }) => `${path} is a file`,
})
const write = defineTool({ name: 'write', description: 'Writes.', input, run: ({ path }) => void done.push(`${path}`) })
const fine = defineTool({ name: 'fail', description: 'Fails.', input, run: () => 'fine' })
const fail = defineTool({ name: 'fail', description: 'Fails.', input, run: () => Promise.reject(new Error('no disk')) })

/** Sends prompts to an agent on a mock server, and gives the journal and what was said. */
async function record(turns: Turn[], prompts: readonly string[], options: AgentOptions = {}) {
  const server = await createMockServer({ script: script(turns), seed: 1 })
  onTestFinished(() => server.close())
  const agent = createAgent({
    apiKey: 'key',
    baseURL: server.url,
    tools: [look, write, fail],
    retry: { maxRetries: 0 },
    system: 'Be short.',
    ...options,
  })
  const session = await agent.session()
  const texts = await converse(session, prompts)
  const entries = await listOf(session.entries())
  await session.close()
  return { entries, texts, messages: session.messages, cost: session.cost }
}

async function listOf<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = []
  for await (const item of items) list.push(item)
  return list
}

/** What is said to each prompt; of a turn that fails, with what. */
async function converse(session: Session, prompts: readonly MessageParam['content'][]): Promise<string[]> {
  const texts: string[] = []
  for (const prompt of prompts) {
    const work = session.send(prompt as string).final()
    texts.push(
      await work.then(
        ({ text, status }) => text || status,
        (error) => `${error.code}: ${error.message}`,
      ),
    )
  }
  return texts
}

async function again(entries: readonly Entry[], options: AgentOptions = {}) {
  const replay = replaySession(entries)
  const session = await createAgent({ ...replay.options, ...options }).session()
  const texts = await converse(
    session,
    replay.prompts.map(({ content }) => content),
  )
  return { replay, session, texts }
}

const turns: Turn[] = [
  {
    thinking: 'First I look.',
    text: 'I look.',
    toolCalls: [{ name: 'look', input: { path: 'a.txt' } }, { name: 'fail' }],
  },
  { toolCalls: [{ name: 'write', input: { path: 'b.txt' } }, { name: 'nothing' }] },
  'Written.',
  'You are welcome: 😀.',
]

describe('a replayed session', () => {
  it('says the same, at the same cost, with the same history, and does nothing', async () => {
    done.length = 0
    const recorded = await record(turns, ['Write it.', 'Thank you.'])
    expect(done).toEqual(['b.txt'])
    const { session, texts, replay } = await again(recorded.entries)
    expect(texts).toEqual(recorded.texts)
    expect(texts).toEqual(['Written.', 'You are welcome: 😀.'])
    expect(session.messages).toEqual(recorded.messages)
    expect(session.cost).toEqual(recorded.cost)
    expect([replay.left, done]).toEqual([0, ['b.txt']])
  })

  it('has the same log', async () => {
    const { entries } = await record(turns, ['Write it.', 'Thank you.'])
    const { session } = await again(entries)
    const timeless = (list: readonly Entry[]) => toLog(list).replace(/\d{4}-[\d: -]+\]|Duration: [\d.]+s/g, '#')
    // Tools that only read begin, and end, while the reply is written.
    const sorted = (log: string) => log.split('\n').sort()
    expect(sorted(timeless(await listOf(session.entries())))).toEqual(sorted(timeless(entries)))
  })

  it('goes on behind a block that the API had refused', async () => {
    const picture = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } }
    const prompt = [picture, { type: 'text', text: 'What is it?' }] as unknown as string
    const recorded = await record(['Nothing that I could see.'], [prompt])
    expect(recorded.entries.map(({ type }) => type)).toContain('mend')
    const { texts, session } = await again(recorded.entries)
    expect(texts).toEqual(['Nothing that I could see.'])
    expect(session.messages).toEqual(recorded.messages)
  })

  it('waits where somebody had interrupted it, until somebody does', async () => {
    const prompt = async (session: Session) => {
      for await (const event of session.send('Tell me all.')) {
        if (event.type === 'text' && event.text.includes('far')) void session.interrupt()
      }
      return (await session.send('And now?').final()).text
    }
    const server = await createMockServer({
      script: script([{ text: 'So far', stallAfterEvents: -3 }, 'Now this.']),
      seed: 1,
    })
    onTestFinished(() => server.close())
    const first = await createAgent({ apiKey: 'key', baseURL: server.url }).session()
    expect(await prompt(first)).toBe('Now this.')
    const replay = replaySession(await listOf(first.entries()))
    const second = await createAgent(replay.options).session()
    expect(await prompt(second)).toBe('Now this.')
    expect(second.messages).toEqual(first.messages)
  })

  it('asks with the parameters of the record, whichever options they came from', async () => {
    const options: AgentOptions = { model: 'haiku', effort: 'low', maxTokens: 3_000, body: { stop_sequences: ['END'] } }
    const { entries, texts } = await record(['Hello.'], ['Hi.'], options)
    expect((await again(entries)).texts).toEqual(texts)
    const bare = await record(['Hello.'], ['Hi.'], { system: undefined, tools: [] })
    expect((await again(bare.entries)).texts).toEqual(['Hello.'])
  })

  it('has what hooks had added to what the model read, and not the prompts that they refused', async () => {
    let turn = 0
    const recorded = await record(turns, ['Write it.', 'Delete it.', 'Thank you.'], {
      hooks: {
        sessionStart: () => ({ context: 'It is Monday.' }),
        prompt: ({ content }) => (content === 'Delete it.' ? { refuse: 'too late' } : { context: 'Said aloud.' }),
        beforeTurn: [() => ({ context: `Request ${++turn}.` }), () => (turn === 2 ? { context: 'And more.' } : {})],
        afterTool: () => ({ context: 'Took long.' }),
      },
    })
    const { texts, session, replay } = await again(recorded.entries)
    expect(replay.prompts).toHaveLength(2)
    expect(texts).toEqual(['Written.', 'You are welcome: 😀.'])
    expect(session.messages).toEqual(recorded.messages)
  })

  it.each(['claude-sonnet-5-5', 'claude-haiku-4-5'])('has the same summary, whoever wrote it (%s)', async (model) => {
    const server = await createMockServer({
      script: script(['One.', { when: { text: /summary/ }, reply: 'In short.' }, 'Two.']),
    })
    onTestFinished(() => server.close())
    const ask = async (session: Session) => {
      await session.send('Begin. '.repeat(200)).final()
      const { summary } = await session.compact()
      return [summary, (await session.send('Go on.').final()).text]
    }
    const first = await createAgent({ apiKey: 'key', baseURL: server.url, model }).session()
    const said = await ask(first)
    const replay = replaySession(await listOf(first.entries()))
    const second = await createAgent(replay.options).session()
    expect(await ask(second)).toEqual(said)
    expect(second.messages).toEqual(first.messages)
    expect([second.cost, replay.left]).toEqual([first.cost, 0])
    const third = await createAgent(replaySession(await listOf(first.entries())).options).session()
    await third.send('Begin. '.repeat(200)).final()
    await expect(third.send('Go on.').final()).rejects.toThrow('First difference: messages[2] was not there')
  })

  it('streams what was streamed', async () => {
    const { entries } = await record(['Hello to you.'], ['Hello.'])
    const replay = replaySession(entries)
    const session = await createAgent(replay.options).session()
    const texts = await listOf(session.send('Hello.').text())
    expect(texts.join('')).toBe('Hello to you.')
  })

  it('fails where it failed, with the same errors, and goes on', async () => {
    const recorded = await record(
      [{ error: 529 }, 'Now I can.', { text: 'never whole', cutAfterEvents: 4 }, 'Now, too.'],
      ['One.', 'One.', 'Two.', 'Two.'],
    )
    const { texts, replay } = await again(recorded.entries)
    expect(texts[0]).toMatch(/^overloaded: 529 overloaded_error/)
    expect(texts[2]).toMatch(/^stream_interrupted/)
    expect(texts.map((text) => text.split(/[:.]/)[0])).toEqual(recorded.texts.map((text) => text.split(/[:.]/)[0]))
    expect(replay.left).toBe(0)
  })

  it('needs nobody to decide what was decided', async () => {
    const server = await createMockServer({
      script: script([{ toolCalls: [{ name: 'write', input: { path: 'c.txt' } }] }, 'Refused.']),
    })
    onTestFinished(() => server.close())
    const agent = createAgent({
      apiKey: 'key',
      baseURL: server.url,
      tools: [write],
      permission: () => ({ defer: true }),
    })
    const recorded = await agent.session()
    const { pending } = await recorded.send('Write it.').final()
    const turn = await recorded.decide(pending[0]!.id, { allow: false, reason: 'not today' })
    await turn!.final()
    const entries = await listOf(recorded.entries())
    expect((await again(entries)).texts).toEqual(['Refused.'])
  })

  it('may have tools of your own, which do not run', async () => {
    done.length = 0
    const { entries, texts } = await record(turns, ['Write it.', 'Thank you.'])
    const replay = replaySession(entries)
    const session = await createAgent({ ...replay.options, tools: replay.tools([look, write, fail]) }).session()
    expect(await converse(session, ['Write it.', 'Thank you.'])).toEqual(texts)
    expect(done).toEqual(['b.txt'])
  })

  it('is one for runTools, too', async () => {
    const { entries } = await record(turns, ['Write it.'])
    const { client, aroundCall, tools } = replaySession(entries)
    const messages: MessageParam[] = [{ role: 'user', content: 'Write it.' }]
    const params = entries.find((entry) => entry.type === 'session')!.frozen
    const run = runTools(client, { ...params, messages, tools: tools() }, { aroundCall })
    expect((await run.final()).message.content.at(-1)).toMatchObject({ text: 'Written.' })
  })
})

describe('a request that the record does not have', () => {
  const failure = async (work: Promise<unknown>): Promise<ReplayError> => {
    const error = await work.then(
      () => expect.fail('it did not fail'),
      (thrown) => thrown,
    )
    expect(error).toBeInstanceOf(ReplayError)
    expect(error).toMatchObject({ name: 'ReplayError', code: 'replay', retryable: false })
    return error
  }
  const sent = async (options: AgentOptions, prompt = 'Write it.') => {
    const { entries } = await record(turns, ['Write it.', 'Thank you.'])
    const replay = replaySession(entries)
    return failure((await createAgent({ ...replay.options, ...options }).session()).send(prompt).final())
  }

  it('names the first difference: a prompt', async () => {
    const error = await sent({}, 'Write it, please.')
    expect(error.message).toBe(
      'Request 1 is not the recorded one. First difference: messages[0].content[0].text was "Write it.", and is "Write it, please.".',
    )
    expect(error.difference).toEqual({
      place: 'messages[0].content[0].text',
      recorded: 'Write it.',
      actual: 'Write it, please.',
    })
  })

  it('names the first difference: the model, the system prompt, a tool', async () => {
    expect((await sent({ model: 'haiku' })).difference).toMatchObject({ place: 'model', recorded: 'claude-sonnet-5-5' })
    expect((await sent({ system: 'Be long.' })).difference?.place).toMatch(/^system/)
    const other = defineTool({ name: 'look', description: 'Stares.', input, run: () => '' })
    expect((await sent({ tools: [other, write, fail] })).difference).toMatchObject({
      place: 'tools[0].description',
      recorded: 'Looks.',
      actual: 'Stares.',
    })
  })

  it('names the first difference: a result', async () => {
    const { entries } = await record(turns, ['Write it.'])
    const replay = replaySession(entries)
    const session = await createAgent({
      ...replay.options,
      hooks: {},
      tools: [look, write, fine],
    }).session()
    const { message } = await failure(session.send('Write it.').final())
    expect(message).toMatch(/^Request 2 is not .* messages\[2\]\.content\[1\]\.\S+ was .*no disk/)
  })

  it('is one more than there were', async () => {
    const { entries } = await record(['Hello.'], ['Hi.'])
    const { replay, session } = await again(entries)
    expect(replay.left).toBe(0)
    const { message } = await failure(session.send('Hi.').final())
    expect(message).toBe('The record ends after 1 requests, and this is one more.')
  })

  it('is a call without a result, or another kind of request', async () => {
    const { entries } = await record(turns, ['Write it.'])
    const { aroundCall, client } = replaySession(entries)
    const call = { type: 'tool_use', id: 'toolu_unknown', name: 'look', input: {}, caller: { type: 'direct' } } as const
    await expect(aroundCall(call, async () => expect.fail('it ran'), {} as never)).rejects.toThrow(
      'The record has no result of call toolu_unknown of look.',
    )
    await failure(retrieveModel(client, 'claude-sonnet-5-5'))
  })
})

it('a retry of a client of your own fails as the first try did', async () => {
  const { entries } = await record([{ error: 529 }, 'Now.'], ['One.', 'One.'], { maxTokens: 1_000 })
  const { middleware } = replaySession(entries)
  const client = createClient({
    apiKey: 'k',
    baseURL: 'http://x.invalid',
    middleware: [middleware],
    retry: { maxRetries: 1, baseDelayMs: 0 },
  })
  const { messages: _, ...params } = { ...entries.find((entry) => entry.type === 'session')!.frozen, messages: [] }
  const ask = () => createMessage(client, { ...params, messages: [{ role: 'user', content: 'One.' }] })
  await expect(ask()).rejects.toThrow(OverloadedError)
  expect((await ask()).content.at(-1)).toMatchObject({ text: 'Now.' })
})
