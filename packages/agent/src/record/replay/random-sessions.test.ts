import { mockFetch, script, type TurnSpec } from '@enjamb/testing'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { randomRuns, randomTimeoutMs } from '../../../test/random-runs.ts'
import { createTools, hooks, permission, playSteps, reply, type Step, step } from '../../../test/random-sessions.ts'
import { type AgentOptions, createAgent, type Entry, memoryStore, type Session } from '../../index.ts'
import { ReplayError } from './replay-error.ts'
import { replaySession } from './replay-session.ts'

const change = fc.constantFrom(undefined, undefined, 'note', 'compact', 'rewind', 'reopen', 'params', 'system')

/** What a session came to, and what it says of that; of what failed on its way, not how. */
async function tell(session: Session) {
  const { messages, usage, cost, status, title } = session
  const pending = session.pending.map(({ id, kind, input }) => ({ id, kind, input }))
  const story: unknown[] = []
  for await (const entry of session.entries()) story.push(...toStory(entry))
  return { messages, usage, cost, status, title, pending, story }
}

function toStory(entry: Entry): unknown[] {
  switch (entry.type) {
    case 'prompt':
      return [['prompt', entry.id, entry.content, entry.refused]]
    case 'decision':
      return [['decision', entry.id, entry.allow, entry.input, entry.content]]
    case 'params':
      return [['params', entry.changed, entry.why]]
    case 'note':
      return [['note', entry.name, entry.data]]
    case 'turn':
      return [['turn', entry.status]]
    case 'reply':
    case 'part':
      return [[entry.type, entry.message.content]]
    case 'compaction':
      return [['compaction', entry.summary]]
    case 'rewind':
      return [['rewind']]
    default:
      return []
  }
}

/** A reply that broke off when it had calls. */
function isCutInCalls(entry: Entry): boolean {
  return entry.type === 'part' && entry.message.content.some(({ type }) => type === 'tool_use')
}

async function property(
  turns: TurnSpec[],
  steps: Step[],
  changes: (typeof change extends fc.Arbitrary<infer T> ? T : never)[],
) {
  const api = mockFetch({ script: script(turns), seed: 1 })
  const store = memoryStore()
  let options: AgentOptions = { maxTurns: 6, thinking: true }
  const open = (resume: boolean) =>
    createAgent({
      apiKey: 'key',
      fetch: api,
      retry: { maxRetries: 0 },
      model: 'claude-opus-4-8',
      store,
      tools: createTools([], () => void session.interrupt('too long')),
      permission,
      hooks,
      ...options,
    }).session({ id: 's', resume })
  let session = await open(false)
  let left = changes
  const boundaries: number[] = []

  async function check(): Promise<void> {
    const [change, ...others] = left
    left = others
    const isRest = session.status === 'idle'
    if (change === 'note') await session.note('stderr', `note ${left.length}`)
    // The script may have something else to say than a summary.
    if (change === 'compact' && isRest) await session.compact().catch(() => {})
    if (change === 'rewind' && boundaries.length) {
      await session.rewind({ to: boundaries[0]!, files: false }).catch(() => {})
    }
    if (change === 'params') options = { ...options, maxTokens: 5_000 + left.length }
    if (change === 'system') options = { ...options, system: `Be number ${left.length}.` }
    if (change === 'reopen' || change === 'params' || change === 'system') {
      await session.close()
      session = await open(true)
    }
    if (session.status === 'idle') {
      for await (const { seq } of session.entries(boundaries.at(-1) ?? 0)) boundaries.push(seq)
      boundaries.splice(0, boundaries.length - 1)
    }
  }

  await playSteps(() => session, steps, check)
  const told = await tell(session)
  const entries: Entry[] = []
  for await (const entry of session.entries()) entries.push(entry)
  await session.close()
  const replay = replaySession(entries)
  const run = replay.run(createAgent)
  if (entries.some(isCutInCalls)) {
    // What had come of its calls by then is not in the journal.
    const again = await run.catch((error) => void expect(error).toBeInstanceOf(ReplayError))
    return again?.close()
  }
  const again = await run
  try {
    expect(await tell(again)).toEqual(told)
    expect(replay.left).toBe(0)
  } finally {
    await again.close()
  }
}

it('a session of any kind says, does and costs the same once more', { timeout: randomTimeoutMs }, async () => {
  const replies = fc.array(reply, { maxLength: 6 })
  const steps = fc.array(step, { minLength: 1, maxLength: 4 })
  const changes = fc.array(change, { maxLength: 8 })
  await fc.assert(fc.asyncProperty(replies, steps, changes, property), randomRuns(12))
})
