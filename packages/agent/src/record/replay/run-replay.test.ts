import { setImmediate } from 'node:timers/promises'
import type { Turn } from '@enjamb/testing'
import { defineTool, type Tool } from '@enjamb/tools'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { setUpAgent } from '../../../test/set-up-agent.ts'
import { ask, childrenOf, entriesOf, look, setUpTeam, usage, whenAsked } from '../../../test/set-up-team.ts'
import { type AgentOptions, createAgent, type Entry, type Session } from '../../index.ts'
import { toLog } from '../log/to-log.ts'
import { ReplayError } from './replay-error.ts'
import { replaySession } from './replay-session.ts'

const input = { type: 'object', properties: { to: { type: 'string' } } } as const
const paying = (onPay: () => void) =>
  defineTool({
    name: 'pay',
    description: 'Pays.',
    input,
    run({ to }) {
      onPay()
      return `Paid ${to}.`
    },
  })
const pay = paying(() => {})
const pays = (id: string): Turn => ({ toolCalls: [{ name: 'pay', id, input: { to: id } }] })

const reading = (name: string, run: NonNullable<Tool['run']>) =>
  defineTool({ name, description: 'Reads.', input, readOnly: true, run })
const see = reading('see', () => 'Seen.')
const hang = reading('hang', (_, { signal }) => new Promise((_, reject) => signal.addEventListener('abort', reject)))

async function entriesIn(session: Session): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const entry of session.entries()) entries.push(entry)
  return entries
}

/** A session is had again, and says the same; both logs of it. */
async function again(session: Session) {
  const entries = await entriesIn(session)
  const told = ({ messages, usage, cost, status, pending }: Session) => ({ messages, usage, cost, status, pending })
  const before = told(session)
  await session.close()
  const replay = replaySession(entries)
  const second = await replay.run(createAgent)
  expect(told(second)).toEqual(before)
  expect(replay.left).toBe(0)
  const timeless = (list: readonly Entry[]) => toLog(list).replace(/\d{4}-[\d: -]+\]|Duration: [\d.]+s/g, '#')
  const logs = [timeless(entries), timeless(await entriesIn(second))]
  await second.close()
  return logs
}

const schema = {
  type: 'object',
  properties: { name: { type: 'string' } },
  required: ['name'],
  additionalProperties: false,
} as const

describe('a session that is had again', () => {
  it('has what was said while it worked, decided, noted, summed up, taken back and changed, each in its place', async () => {
    let steer = () => {}
    const options: AgentOptions = {
      model: 'claude-haiku-4-5',
      tools: [paying(() => steer())],
      permission: ({ input }) => (Object(input).to === 'b' ? { defer: true } : { allow: true }),
    }
    const { make } = await setUpAgent(
      [
        pays('a'),
        'Paid a.',
        pays('b'),
        'Paid b.',
        { when: { text: /summary/ }, reply: 'In short: paid.' },
        '{"name":"Rhine"}',
        'To be forgotten.',
        'The end.',
      ],
      options,
    )
    let session = await make().session({ id: 's', title: 'Bills' })
    steer = () => void session.send('And hurry.', { id: 'now', when: 'now', by: 'Ada' })
    await session.send('Pay a. '.repeat(100), { id: 'first' }).final()
    steer = () => {}
    await session.send('Pay b.').final()
    await session.note('stderr', 'slow')
    await (await session.decide('b', { allow: true, by: 'Ada' }))!.final()
    await session.compact()
    await session.send('A river.', { schema }).final()
    const to = (await entriesIn(session)).at(-1)!.seq
    await session.send('Say something.').final()
    await session.rewind({ to })
    await session.close()
    session = await make({ system: 'Be short.', maxTokens: 2_000 }).session({ id: 's', resume: true })
    await session.send('End it.').final()
    const [before, now] = await again(session)
    expect(now).toBe(before)
    expect(now).toContain('[User Message]\nAnd hurry.\n')
  })

  it('ends where it was interrupted, failed, or ran out of turns, and waits where it waits', async () => {
    const wait = defineTool({
      name: 'wait',
      description: 'Waits.',
      input: { type: 'object' },
      run: (_, { signal }) => new Promise((_, reject) => signal.addEventListener('abort', reject)),
    })
    const { make } = await setUpAgent(
      [{ toolCalls: [{ name: 'wait' }] }, { error: 529 }, pays('a'), pays('b'), pays('c'), 'Stopped.', pays('d')],
      {
        tools: [pay, wait],
        maxTurns: 3,
        permission: ({ input }) => (Object(input).to === 'd' ? { defer: true } : { allow: true }),
      },
    )
    const session = await make().session()
    for await (const { type } of session.send('Wait.')) if (type === 'tool_call') void session.interrupt('enough')
    await session
      .send('Fail.')
      .final()
      .catch(() => {})
    expect((await session.send('Pay all.').final()).status).toBe('turn_limit')
    await session.send('Stop.').final()
    expect((await session.send('Pay d.').final()).status).toBe('waiting')
    const [before, now] = await again(session)
    expect(now).toBe(before)
  })

  it('has sub-agents’ reports and what they cost, and each of their sessions can be had again, too', async () => {
    const { agent, store } = await setUpTeam(
      [
        ask({ prompt: 'Find the cat.' }, { prompt: 'Find the dog.', background: true }),
        whenAsked(/Find the cat/, { toolCalls: [{ name: 'look' }], usage }),
        whenAsked(/Find the cat/, { text: 'On the mat.', usage }),
        whenAsked(/Find the dog/, { text: 'In the yard.', usage }),
        { times: 3, reply: { text: 'Found.', usage } },
      ],
      { tools: [look] },
    )
    const session = await agent.session({ id: 'parent' })
    await session.send('Where are they?').final()
    await session.settled()
    await session.continue()?.final()
    const children = await childrenOf(store, 'parent')
    expect(children).toHaveLength(2)
    await again(session)
    for (const child of children) {
      const entries = await entriesOf(store, child)
      await using second = await replaySession(entries).run(createAgent)
      expect(second.messages.at(-1)).toMatchObject({
        content: [{ text: /cat/.test(JSON.stringify(entries)) ? 'On the mat.' : 'In the yard.' }],
      })
    }
  })

  it('has the part of a reply that went on with a paused one, of which a search had been left open', async () => {
    const search = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'x' } }
    const { make } = await setUpAgent(
      [{ content: [search], stopReason: 'pause_turn' }, { thinking: 'Hm.', text: 'Let me see.' }, 'Seen.'],
      { thinking: true, tools: [see, { type: 'web_search_20250305', name: 'web_search' }] },
    )
    const session = await make().session()
    const onText = () => {
      throw new Error('the listener')
    }
    await expect(session.send('Search.', { onText }).final()).rejects.toThrow('the listener')
    await session.send('And?').final()
    const [before, now] = await again(session)
    expect(now).toBe(before)
  })

  it('has a turn taken up that failed in the middle of a reply, and failed once more', async () => {
    const { make } = await setUpAgent([pays('a'), { text: 'Paid.', cutAfterEvents: 2 }, { error: 429 }, 'Paid a.'], {
      tools: [pay],
    })
    const session = await make().session()
    for (let n = 0; n < 2; n++) await expect(session.send('Pay a.', { id: 'first' }).final()).rejects.toThrow()
    await session.send('And?').final()
    // It says in other words that its reply broke off.
    await again(session)
  })

  it('ends where a call was cut off beside one that never began, as its input did not fit', async () => {
    const { make } = await setUpAgent([{ toolCalls: [{ name: 'hang' }, { name: 'see', input: { to: 1 } }] }, 'Seen.'], {
      tools: [hang, see],
      // With it, an input is looked at before a call begins.
      hooks: { afterTool: () => undefined },
    })
    const session = await make().session()
    for await (const { type } of session.send('Look.')) if (type === 'tool_result') void session.interrupt('enough')
    await session.send('And?').final()
    const [before, now] = await again(session)
    expect(now).toBe(before)
  })

  it('never waits for what is not in its record: an error says where it comes to a halt', async () => {
    const { make } = await setUpAgent([{ toolCalls: [{ name: 'hang' }] }], { tools: [hang] })
    await using session = await make().session()
    for await (const { type } of session.send('Look.')) if (type === 'tool_start') void session.interrupt('enough')
    const entries = await entriesIn(session)
    const end = entries.at(-1)!
    // Of a call that nobody has made.
    const result = { v: 1, seq: end.seq, at: end.at, type: 'result', id: 'none', isError: false, ms: 0 } as const
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    const run = replaySession([...entries.slice(0, -1), result, { ...end, seq: end.seq + 1 }]).run(createAgent)
    const said = run.then(
      () => 'It ends.',
      (error) => (error instanceof ReplayError ? error.message : error),
    )
    let isOver = false
    void said.finally(() => (isOver = true))
    for (; !isOver; await setImmediate()) vi.advanceTimersByTime(100)
    expect(await said).toBe(
      `The record cannot be had again beyond entry ${end.seq}, a result: what waits there waits for ever.`,
    )
  })

  it('may be of another agent: the first request that is another is named', async () => {
    const { make } = await setUpAgent(['Hello.'])
    await using session = await make({ system: 'Be short.' }).session()
    await session.send('Hi.').final()
    const entries = await entriesIn(session)
    const run = replaySession(entries).run((options) => createAgent({ ...options, system: 'Be long.' }))
    await expect(run).rejects.toThrow(ReplayError)
    await expect(replaySession(entries.slice(1)).run(createAgent)).rejects.toThrow('no session entry')
  })
})
