import { createClient, type MessageParams } from '@enjamb/core'
import { type MockFetch, mockFetch, script, type TurnSpec } from '@enjamb/testing'
import { defineTool } from '@enjamb/tools'
import { createSearch, webSearchTool } from '@enjamb/tools/node'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { randomRuns, randomTimeoutMs } from '../../test/random-runs.ts'
import { input, look } from '../../test/set-up-team.ts'
import { createAgent, memoryStore, type TaskResult } from '../index.ts'

/** `npm run test:long` makes thousands of them. */
const random = randomRuns<[Plan]>(40, 'CAP_RUNS')
const runs = random.numRuns

/** One reply of a model, to whoever asks next. */
const reply = fc.record({
  kind: fc.oneof(
    { weight: 4, arbitrary: fc.constant('text') },
    { weight: 4, arbitrary: fc.constant('task') },
    { weight: 2, arbitrary: fc.constant('background') },
    { weight: 2, arbitrary: fc.constantFrom('look', 'search') },
    { weight: 2, arbitrary: fc.constantFrom('overloaded', 'broken', 'cut', 'reset', 'refusal', 'late', 'fail') },
  ),
  words: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 0, max: 120 }) }, fc.integer({ min: 500, max: 3_000 })),
  agent: fc.constantFrom('general', 'poor', 'short'),
  calls: fc.integer({ min: 1, max: 3 }),
  delayMs: fc.constantFrom(0, 0, 0, 1, 3),
})
type Said = typeof reply extends fc.Arbitrary<infer T> ? T : never

const plan = fc.record({
  replies: fc.array(reply, { minLength: 1, maxLength: 14 }),
  /** In nano-dollars. */
  cap: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 60_000_000 }) },
    fc.integer({ min: 1, max: 900_000_000 }),
  ),
  /** With most of these a request has to be lowered to what is left. */
  maxTokens: fc.constantFrom(1_000, 1_000, 2_000, 32_000),
  /** From how many tokens on the history is put into a summary. */
  atTokens: fc.option(fc.integer({ min: 200, max: 3_000 })),
  /** After how many events somebody stops it. */
  stopAfter: fc.option(fc.integer({ min: 0, max: 30 }), { freq: 2 }),
})
type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never

function toTurn({ kind, words, agent, calls, delayMs }: Said, maxTokens: number): TurnSpec {
  const text = 'word '.repeat(words)
  // A model writes no more than it may: the mock cuts off texts by itself.
  if ((1 + calls) * (2 * words + 100) > maxTokens) return { delayMs, text }
  const task = (run_in_background: boolean) => ({
    name: 'Task',
    input: { description: 'Some work', prompt: text || 'Work.', subagent_type: agent, run_in_background },
  })
  const several = <T>(one: T): T[] => Array.from({ length: calls }, () => one)
  const turns: { [kind: string]: TurnSpec } = {
    text: { text },
    task: { text, toolCalls: several(task(false)) },
    background: { text, toolCalls: several(task(true)) },
    look: { text, toolCalls: several({ name: 'look' }) },
    search: { text, toolCalls: several({ name: 'WebSearch', input: { query: 'cats' } }) },
    fail: { toolCalls: several({ name: 'fail' }) },
    overloaded: { error: 529 },
    broken: { error: 400 },
    cut: { text, cutAfterEvents: 3 + (words % 4) },
    late: { text, error: { status: 529, afterEvents: 4 } },
    reset: { reset: true },
    refusal: { text, refusal: 'bio' },
  }
  return { delayMs, ...turns[kind] }
}

/** Is a reply billed of which its client may have heard only a part? Who works in the background is stopped with its asker. */
const isPartly = ({ kind }: Said) => ['cut', 'late', 'reset', 'refusal', 'background'].includes(kind)

async function work({
  replies,
  cap,
  maxTokens,
  atTokens,
  stopAfter,
}: Plan): Promise<{ result: TaskResult; fetch: MockFetch; used: number }> {
  let used = 0
  const fetch = mockFetch({
    script: script([
      {
        times: Number.POSITIVE_INFINITY,
        reply: ({ params }) => toTurn(replies[used++ % replies.length]!, params.max_tokens),
      },
    ]),
  })
  const fail = defineTool({
    name: 'fail',
    description: 'Fails.',
    input,
    run: () => Promise.reject(new Error('It failed.')),
  })
  const store = memoryStore()
  const search = createSearch(createClient({ apiKey: 'key', fetch }), { maxUses: 1 })
  const agent = createAgent({
    apiKey: 'key',
    fetch,
    store,
    model: 'claude-haiku-4-5',
    system: 'Work.',
    maxTokens,
    maxTurns: 5,
    retry: { maxRetries: 2, baseDelayMs: 0, maxDelayMs: 1 },
    compaction: atTokens !== null && { atTokens },
    tools: [look, fail, webSearchTool(search)],
    maxAgents: 5,
    agents: [
      { name: 'poor', description: 'Has little.', maxCost: 0.004 },
      { name: 'short', description: 'Soon has enough.', maxTurns: 1 },
    ],
  })
  const task = agent.task('Do it.', { maxCost: cap / 1e9 })
  let events = 0
  for await (const _ of task) if (events++ === stopAfter) task.abort()
  const result = await task.final()
  // Nothing of it is still at work: who writes a session holds it.
  for await (const { id } of store.list!()) await (await store.open(id)).release()
  return { result, fetch, used }
}

it('no task exceeds its cap by a nano-dollar, whatever its sub-agents and searches do, is put into a summary, fails or is stopped', {
  timeout: randomTimeoutMs,
}, async () => {
  const seen = new Map<string, number>()
  let spawned = 0
  let retried = 0
  let summed = 0
  let searched = 0
  let lowered = 0
  await fc.assert(
    fc.asyncProperty(plan, async (given) => {
      const { result, fetch, used } = await work(given)
      const billed = fetch.ledger.cost.nanoUsd
      expect(billed).toBeLessThanOrEqual(given.cap)
      expect(result.cost!.nanoUsd).toBeLessThanOrEqual(billed)
      const atMost = Math.round(result.costAtMost! * 1e9)
      expect(atMost).toBeLessThanOrEqual(given.cap)
      const heard = given.replies.slice(0, used)
      if (given.stopAfter === null && !heard.some(isPartly)) {
        expect(result.cost!.nanoUsd).toBe(billed)
        expect(atMost).toBe(billed)
      }
      seen.set(result.status, (seen.get(result.status) ?? 0) + 1)
      spawned += result.executionLog.filter(({ type }) => type === 'agent_spawn').length
      retried += result.executionLog.filter(({ type }) => type === 'retry').length
      summed += result.executionLog.filter(({ type }) => type === 'compaction').length
      searched += fetch.requests.filter(({ body }) => JSON.stringify(body).includes('"web_search')).length
      lowered += fetch.requests.filter(({ body }) => {
        const { max_tokens } = body as MessageParams
        return max_tokens && max_tokens < given.maxTokens && max_tokens >= 1_024
      }).length
    }),
    random,
  )
  // So many have tried all that it is about.
  if (runs < 500) return
  expect([...seen.keys()].sort()).toEqual(expect.arrayContaining(['aborted', 'completed', 'failed', 'over_budget']))
  expect(spawned).toBeGreaterThan(runs / 20)
  for (const count of [retried, summed, searched, lowered]) expect(count).toBeGreaterThan(runs / 100)
})
