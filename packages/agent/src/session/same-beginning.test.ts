import { setTimeout } from 'node:timers/promises'
import type { MessageParam, MessageParams, Middleware } from '@enjamb/core'
import { mockFetch, script, type Turn } from '@enjamb/testing'
import { defineTool } from '@enjamb/tools'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { randomRuns, randomTimeoutMs } from '../../test/random-runs.ts'
import { createAgent, memoryStore, type Session, type SessionStore, type Turn as SessionTurn } from '../index.ts'

const tool = (name: string, run: () => unknown, traits: object = {}) =>
  defineTool({ name, description: 'Works.', input: { type: 'object' }, run, ...traits })
const tools = [
  tool('read', () => 'What is there. '.repeat(20), { readOnly: true }),
  tool('late', () => setTimeout(4, 'At last.'), { readOnly: true }),
  tool('fail', () => {
    throw new Error('no')
  }),
  tool('ask', () => 'paid'),
  tool('deny', () => 'never'),
]

/** A call by name, or one that gives work to a sub-agent. */
type Call = string | { calls: Call[]; background: boolean }

const toPrompt = (calls: readonly Call[]) => `Go: ${JSON.stringify(calls)}`

function toToolCall(call: Call) {
  if (typeof call === 'string') return { name: call }
  const task = { description: 'Do it', prompt: toPrompt(call.calls), subagent_type: 'general' }
  return { name: 'Task', input: { ...task, run_in_background: call.background } }
}

/** Whatever a prompt names is called; then comes an answer. */
const reply: Turn = {
  times: Number.POSITIVE_INFINITY,
  reply: ({ text, toolResults }) => {
    const calls: Call[] = toolResults.length ? [] : JSON.parse(/(?<=Go: ).*/.exec(text)?.[0] ?? '[]')
    return calls.length ? { text: 'So.', toolCalls: calls.map(toToolCall) } : 'Done.'
  },
}

/** What is cached of a request, in bytes, without its marks and the bracket at its end. */
function beginning({ tools, system, messages }: MessageParams): string {
  const plain = messages.map(({ role, content }: MessageParam) => ({
    role,
    content: typeof content === 'string' ? [{ type: 'text', text: content }] : content,
  }))
  const without = (key: string, value: unknown) => (key === 'cache_control' ? undefined : value)
  return JSON.stringify([tools, system, plain], without).slice(0, -2)
}

/** What a session has sent, each request behind the one that it continues. */
interface Sent {
  session: string
  bytes: string
  /** None where it was given up before there was an answer. */
  requestId?: string | null
  before: Sent | undefined
}

/** Where a session was with no turn under way, and what it had sent by then. */
interface Point {
  at: number | undefined
  sent: Sent | undefined
}

const name = fc.constantFrom('read', 'read', 'read', 'late', 'fail', 'ask', 'deny')
/** Sub-agents have some of their own, and those of theirs would, too, but may not. */
const task = (depth: number): fc.Arbitrary<Call> =>
  fc.record({
    calls: fc.array(depth ? fc.oneof({ weight: 4, arbitrary: name }, task(depth - 1)) : name, { maxLength: 3 }),
    background: fc.boolean(),
  })
// More than the API looks back.
const calls = fc
  .tuple(fc.array(name, { maxLength: 24 }), fc.array(task(2), { maxLength: 2 }))
  .map(([names, tasks]): Call[] => [...names, ...tasks])
const step = fc.record({
  /** Which of the sessions that there are. */
  which: fc.nat(5),
  calls,
  way: fc.constantFrom('go on', 'resume', 'interrupt', 'settle', 'fork', 'fork', 'fork earlier'),
  allow: fc.boolean(),
  /** Which of the places that it could be forked from. */
  place: fc.nat(5),
})
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** What the runs have to come upon, for else they say nothing of it. */
const cases = [
  'a call of a sub-agent is decided about',
  'a fork',
  'a fork from an earlier place',
  'a fork of a fork',
  'a fork of what waits',
  'a sub-agent in the background goes on',
  'a sub-agent in the foreground goes on',
  'a sub-agent of a sub-agent goes on',
  'what was sent is read from the cache',
] as const
type Case = (typeof cases)[number]

/** The sessions of the sub-agents that these asked, and which cases each of them is. */
async function subagentsOf(store: SessionStore, sessions: Iterable<string>): Promise<Map<string, Case[]>> {
  const all = new Map<string, Case[]>()
  // A sub-agent is asked before it asks others.
  for (const id of sessions) {
    for await (const entry of store.read(id)) {
      if (entry.type !== 'spawn') continue
      const below: Case[] = all.has(id) ? ['a sub-agent of a sub-agent goes on'] : []
      all.set(entry.session, [`a sub-agent in the ${entry.background ? 'background' : 'foreground'} goes on`, ...below])
    }
  }
  return all
}

async function property(steps: Step[], seen: Set<Case>): Promise<void> {
  const fetch = mockFetch({ script: script([reply]), seed: 1 })
  /** The last request of each session, those of sub-agents among them; of a fork, at first, what it was forked from. */
  const last = new Map<string, Sent | undefined>()
  const record: Middleware = async (request, next) => {
    const session = request.origin!.session
    const sent: Sent = { session, bytes: beginning(request.params as MessageParams), before: last.get(session) }
    last.set(session, sent)
    all.push(sent)
    const response = await next(request)
    sent.requestId = response.headers.get('request-id')
    return response
  }
  const all: Sent[] = []
  const store = memoryStore()
  const agent = createAgent({
    apiKey: 'key',
    fetch: fetch as typeof globalThis.fetch,
    middleware: [record],
    model: 'opus',
    retry: { maxRetries: 0 },
    store,
    tools,
    agents: [],
    permission: ({ name }) => (name === 'ask' ? { defer: true } : name === 'deny' ? { allow: false } : { allow: true }),
  })
  const breaks: unknown[] = []
  const watch = async (turn: SessionTurn | undefined) => {
    if (turn) for await (const event of turn) if (event.type === 'cache_break') breaks.push(event)
  }
  const sessions: { session: Session; points: Point[] }[] = []
  sessions.push({ session: await agent.session({ id: 's' }), points: [] })

  /** Takes note of where it is, where no turn is open. */
  async function mark({ session, points }: (typeof sessions)[number]): Promise<void> {
    if (session.status !== 'idle') return
    let at = 0
    for await (const { seq } of session.entries()) at = seq
    points.push({ at, sent: last.get(session.id) })
  }

  async function fork({ session, points }: (typeof sessions)[number], point: Point | undefined): Promise<void> {
    const id = `${session.id}f${sessions.length}`
    const sent = (point ?? points.at(-1))?.sent
    const forked = await session.fork({ id, at: point?.at })
    if (sent) last.set(id, sent)
    sessions.push({ session: forked, points: [{ at: undefined, sent }] })
    seen.add(point ? 'a fork from an earlier place' : session.pending.length ? 'a fork of what waits' : 'a fork')
    if (session.id !== 's') seen.add('a fork of a fork')
  }

  for (const { which, calls, way, allow, place } of steps) {
    const one = sessions[which % sessions.length]!
    const decide = async () => {
      while (one.session.pending.length) {
        const { id, session } = one.session.pending[0]!
        if (session) seen.add('a call of a sub-agent is decided about')
        await watch(await one.session.decide(id, { allow }))
      }
    }
    await watch(one.session.send(toPrompt(calls)))
    await mark(one)
    if (way === 'resume') {
      await one.session.close()
      one.session = await agent.session({ id: one.session.id, resume: true })
    }
    if (way === 'fork') await fork(one, undefined)
    await decide()
    await mark(one)
    if (way === 'interrupt') {
      const turn = watch(one.session.send(toPrompt(calls)))
      await one.session.interrupt()
      await turn
      await decide()
      await mark(one)
    }
    if (way === 'settle') await one.session.settled()
    const known = one.points.filter(({ at }) => at !== undefined)
    if (way === 'fork earlier' && known.length) await fork(one, known[place % known.length])
  }
  for (const { session } of sessions) {
    await session.settled()
    await watch(session.send('Are you there?'))
    expect(session.status).toBe('idle')
    await session.close()
  }
  const usages = new Map(fetch.ledger.entries.map(({ requestId, usage }) => [requestId, usage]))
  const total = (sent: Sent) => {
    const usage = usages.get(sent.requestId!)
    if (!usage) return
    const { input_tokens, cache_creation_input_tokens, cache_read_input_tokens } = usage
    const read = cache_read_input_tokens ?? 0
    return { read, all: input_tokens + (cache_creation_input_tokens ?? 0) + read }
  }
  const subagents = await subagentsOf(store, last.keys())
  for (const sent of all) {
    const { before } = sent
    if (!before) continue
    for (const one of subagents.get(sent.session) ?? []) seen.add(one)
    expect(sent.bytes.slice(0, before.bytes.length)).toBe(before.bytes)
    const [is, was] = [total(sent), total(before)]
    // So all that the request was is read, and more where another session has said the same since.
    if (is && was && was.all >= 512) {
      expect(is.read).toBeGreaterThanOrEqual(was.all)
      seen.add('what was sent is read from the cache')
    }
  }
  expect(breaks).toEqual([])
}

it('each request of a session, its sub-agents and its forks begins with the bytes of the one before', {
  timeout: randomTimeoutMs,
}, async () => {
  const seen = new Set<Case>()
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 6 }), (steps) => property(steps, seen)),
    randomRuns(15),
  )
  expect([...seen].sort()).toEqual(cases)
})
