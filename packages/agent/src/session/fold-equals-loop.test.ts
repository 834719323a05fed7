import { type ContentBlockParam, InvalidRequestError, type MessageParam } from '@enjamb/core'
import { mockFetch, script, type TurnSpec } from '@enjamb/testing'
import { defineTool, withReply } from '@enjamb/tools'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type AgentOptions, createAgent, memoryStore, type Session, type Turn, type TurnResult } from '../index.ts'

const input = { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] } as const

/** Tools that read, change something, fail, hang until they are stopped, and one that somebody else makes. */
function createTools(made: string[]) {
  const define = (name: string, readOnly: boolean, run: (signal: AbortSignal) => unknown) =>
    defineTool({
      name,
      description: 'Works.',
      input,
      readOnly,
      run(_, { signal, idempotencyKey }) {
        made.push(idempotencyKey)
        return run(signal)
      },
    })
  return [
    define('look', true, () => 'seen'),
    define('write', false, () => new Promise((resolve) => setImmediate(resolve, 'written'))),
    define('pay', false, () => 'paid'),
    define('fail', false, () => Promise.reject(new Error('no luck'))),
    define('wait', true, (signal) => new Promise((_, reject) => signal.addEventListener('abort', reject))),
    defineTool({ name: 'hand', description: 'Is made elsewhere.', input }),
    { type: 'web_search_20250305', name: 'web_search' } as const,
  ]
}

const permission: AgentOptions['permission'] = ({ name }) => (name === 'pay' ? { defer: true } : { allow: true })

/** They add to all that the model reads. */
const hooks: AgentOptions['hooks'] = {
  prompt: ({ content }) => (String(content).length % 2 ? { context: 'It is Monday.' } : undefined),
  beforeTurn: ({ request, messages }) => (messages.length % 3 ? { context: `This is request ${request}.` } : undefined),
  afterTool: ({ name }) => (name === 'write' ? { context: 'Mind the format.' } : undefined),
}

let ids = 0
const reply = fc
  .record({
    thinks: fc.boolean(),
    says: fc.boolean(),
    searches: fc.constantFrom(undefined, undefined, 'whole' as const, 'open' as const),
    calls: fc.array(
      fc.record({
        name: fc.constantFrom('look', 'look', 'write', 'pay', 'hand', 'fail', 'wait', 'missing'),
        input: fc.constantFrom({ n: 1 }, { n: 2 }, { n: 'one' }),
        // Some gateways count.
        counts: fc.constantFrom(false, false, true),
      }),
      { maxLength: 3 },
    ),
    pauses: fc.boolean(),
    breaks: fc.oneof(
      { weight: 6, arbitrary: fc.constant({}) },
      fc.record({ cutAfterEvents: fc.nat(25) }),
      fc.record({ error: fc.record({ status: fc.constantFrom(429, 500, 529), afterEvents: fc.nat(25) }) }),
      fc.record({ error: fc.constantFrom(429, 529, 500) }),
      fc.record({ stopReason: fc.constantFrom('max_tokens' as const, 'refusal' as const) }),
    ),
  })
  .map(({ thinks, says, searches, calls, pauses, breaks }): TurnSpec => {
    const id = `srvtoolu_${++ids}`
    const toolCalls = calls.map(({ counts, ...call }, n) => ({ ...call, ...(counts && { id: `call_${n}` }) }))
    const content = [
      ...(says ? [{ type: 'text', text: 'Let me see.' }] : []),
      ...(searches
        ? [
            { type: 'server_tool_use', id, name: 'web_search', input: { query: 'x' } },
            ...(searches === 'whole' ? [{ type: 'web_search_tool_result', tool_use_id: id, content: [] }] : []),
          ]
        : []),
      ...toolCalls.map((call) => ({ type: 'tool_use', ...call })),
    ]
    if (searches) return { content, ...(pauses && !calls.length && { stopReason: 'pause_turn' }), ...breaks }
    return { ...(thinks && { thinking: 'Hm.' }), ...(says && { text: 'Let me see.' }), toolCalls, ...breaks }
  })

const step = fc.record({
  how: fc.constantFrom('wait', 'wait', 'wait', 'signal', 'interrupt', 'leave', 'throw', 'steer', 'again'),
  at: fc.nat(30),
  decides: fc.constantFrom('allow', 'deny', 'input', 'skip'),
  reopens: fc.boolean(),
})
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** A request without its marks for the cache: with one, a text is a block. */
function unmarked({ messages, ...body }: Body): Body {
  const plain = messages.map(({ role, content }) => {
    const [block, ...others] = content as ContentBlockParam[]
    return { role, content: role === 'user' && block?.type === 'text' && !others.length ? block.text : content }
  })
  const text = JSON.stringify({ ...body, messages: plain }, (key, value) =>
    key === 'cache_control' ? undefined : value,
  )
  return JSON.parse(text)
}

const bytes = (messages: readonly MessageParam[]) => JSON.stringify(messages).slice(0, -1)
interface Body {
  messages: MessageParam[]
  system: unknown
  tools: unknown
}

/** A list of messages without the reply at its end, which the next request may continue. */
function withoutPause(messages: readonly MessageParam[]): readonly MessageParam[] {
  return messages.at(-1)?.role === 'assistant' ? messages.slice(0, -1) : messages
}

/** Byte by byte, for so the API's cache compares. */
function expectStart(messages: readonly MessageParam[], start: readonly MessageParam[]): void {
  const wanted = bytes(withoutPause(start))
  expect(bytes(messages).slice(0, wanted.length)).toBe(wanted)
}

/** Makes a turn in the way of a step; what it throws is given back. */
async function take(session: Session, turn: Turn, { how, at }: Step): Promise<TurnResult | Error> {
  let events = 0
  // What waits until it is stopped must be stopped in the end.
  const stop = setTimeout(() => void session.interrupt('too long'), 60)
  try {
    const result = turn.final()
    result.catch(() => {})
    for await (const _ of turn) {
      if (events++ !== at) continue
      if (how === 'interrupt') void session.interrupt('enough')
      // Where it comes too late for this turn, nobody reads it, and it never begins.
      if (how === 'steer') session.send('And hurry.', { when: 'now' })
      if (how === 'leave') break
    }
    return await result
  } catch (error) {
    return error as Error
  } finally {
    clearTimeout(stop)
  }
}

async function property(turns: TurnSpec[], steps: Step[]): Promise<void> {
  const api = mockFetch({ script: script(turns), seed: 1 })
  const requests: Body[] = []
  // Each is known when it is sent, also where that is given up at once.
  const fetch = (input: string | URL | Request, init?: RequestInit) => {
    requests.push(unmarked(JSON.parse(String(init?.body))))
    return api(input, init)
  }
  const store = memoryStore()
  const made: string[] = []
  const open = (resume: boolean) =>
    createAgent({
      apiKey: 'key',
      fetch: fetch as typeof globalThis.fetch,
      retry: { maxRetries: 0 },
      model: 'claude-opus-4-8',
      thinking: true,
      maxTurns: 6,
      store,
      tools: createTools(made),
      permission,
      hooks,
    }).session({ id: 's', resume })
  let session = await open(false)
  let before = session.messages
  let sent = 0
  /** Histories that were. */
  const known = new Set([bytes(before)])

  /** What holds after each turn, whatever became of it. */
  async function check(result: TurnResult | Error): Promise<void> {
    const status = result instanceof Error ? 'failed' : result.status
    if (result instanceof Error) {
      expect(result).not.toBeInstanceOf(InvalidRequestError)
      expect(result).not.toBeInstanceOf(TypeError)
    }
    const at = sent
    for (const { messages, system, tools } of requests.slice(sent)) {
      // The first continues the history that was, each other one the one before it.
      expectStart(messages, before)
      expect([system, tools]).toEqual([requests[0]!.system, requests[0]!.tools])
      before = messages
    }
    sent = requests.length
    const now = session.messages
    // It may have begun turns ago, and waited since.
    const mayLeave = ['refused', 'failed', 'interrupted'].includes(status)
    const left = sent > at ? mayLeave && known.has(bytes(now)) : bytes(now) === bytes(before)
    if (!left) expectStart(now, before)
    if (sent > at && !(result instanceof Error) && !mayLeave) {
      // As the loop adds a reply to its history.
      const loop = withReply(before, result.message!.content, undefined, status === 'completed')
      if (status !== 'turn_limit') expect(now.slice(0, loop.length)).toEqual(loop)
    }
    before = now
    // Another prompt takes the place of what a paused reply waited for.
    known.add(bytes(now)).add(bytes(withReply(now, [], undefined, true)))

    const { status: was, pending, usage, cost } = session
    await session.close()
    const again = await open(true)
    expect([again.messages, again.pending, again.usage, again.cost]).toEqual([now, pending, usage, cost])
    expect(again.status).toBe(was)
    session = again
  }

  try {
    for (const [n, step] of steps.entries()) {
      const controller = new AbortController()
      const onText = (() => {
        let pieces = 0
        return () => {
          if (step.how === 'signal' && pieces === step.at % 4) controller.abort('signal')
          if (step.how === 'throw' && pieces === step.at % 4) throw new Error('the listener')
          pieces++
        }
      })()
      const id = `p${step.how === 'again' ? Math.max(0, n - 1) : n}`
      const turn = session.send(`Ask ${n}.`, { id, signal: controller.signal, onText, when: 'now' })
      await check(await take(session, turn, step))
      while (session.status === 'waiting' && step.decides !== 'skip') {
        let next: Turn | undefined
        for (const { id, kind, hash } of session.pending) {
          const say =
            step.decides === 'deny'
              ? { allow: false }
              : { allow: true, ...(step.decides === 'input' && { input: { n: 3 } }) }
          next = await session.decide(id, kind === 'approval' ? { ...say, hash } : { content: 'handed' })
        }
        await check(await take(session, next!, { ...step, how: 'wait' }))
      }
    }
    // Whatever has been, it goes on.
    const turn = session.send('Are you there?', { when: 'now' })
    const result = await take(session, turn, { how: 'wait', at: 0, decides: 'skip', reopens: false })
    await check(result)
    expect(new Set(made).size).toBe(made.length)
  } finally {
    await session.close()
  }
}

it('what a journal comes to is the history of the loop, after every turn, and requests only ever grow', {
  timeout: 600_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(reply, { maxLength: 6 }), fc.array(step, { minLength: 1, maxLength: 4 }), property),
    {
      numRuns: Number(process.env.RUNS ?? 60),
      // The same ones in each run of `npm test`; `npm run test:long` draws others.
      ...(!process.env.RUNS && { seed: 1 }),
    },
  )
})
