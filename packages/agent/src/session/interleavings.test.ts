import { setImmediate } from 'node:timers/promises'
import { isEnjambError } from '@enjamb/core'
import { mockFetch, script, type TurnFunction } from '@enjamb/testing'
import { defineTool } from '@enjamb/tools'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { randomRuns, randomTimeoutMs } from '../../test/random-runs.ts'
import {
  createAgent,
  type Lease,
  memoryStore,
  type Session,
  type SessionStore,
  type Turn,
  type TurnResult,
} from '../index.ts'

const input = { type: 'object' } as const

const command = fc.record({
  does: fc.constantFrom(
    'send',
    'send',
    'steer',
    'steer',
    'again',
    'decide',
    'decide',
    'continue',
    'interrupt',
    'close',
  ),
  /** Which of what there is, where there are several. */
  which: fc.nat(7),
  allow: fc.boolean(),
  /** Turns of the event loop before the next one. */
  pause: fc.constantFrom(0, 0, 1, 3, 10, 40),
})
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never

/** What became of a prompt, as whoever sent it was told. */
type Outcome = TurnResult | Error

async function pause(): Promise<undefined> {
  await setImmediate()
  return undefined
}

/** A store that takes its time, as disks do: between what is found and what is written others have their say. */
function slowStore(): SessionStore {
  const store = memoryStore()
  return {
    ...store,
    async open(id, options) {
      const lease = await store.open(id, options)
      let last: Promise<unknown> = Promise.resolve()
      const append: Lease['append'] = (entries) => {
        const before = last
        const work = async () => {
          await before
          await setImmediate()
          const seq = await lease.append(entries)
          await setImmediate()
          return seq
        }
        const result = work()
        last = result.catch(() => {})
        return result
      }
      return { append, lost: lease.lost, release: () => last.then(() => lease.release()) }
    },
  }
}

async function property(commands: Command[], replies: number[]): Promise<void> {
  const made: string[] = []
  const tool = (name: string, readOnly: boolean) =>
    defineTool({
      name,
      description: 'Works.',
      input,
      readOnly,
      run: async (_, { idempotencyKey }) => {
        made.push(idempotencyKey)
        await setImmediate()
        return 'done'
      },
    })
  let isEnding = false
  const reply: TurnFunction = ({ index }) => {
    if (isEnding) return 'The end.'
    const names = [[], ['look'], ['pay'], ['look', 'pay'], ['pay', 'pay', 'hand']][replies[index % replies.length]!]!
    return { text: 'So.', toolCalls: names.map((name) => ({ name })) }
  }
  const store = slowStore()
  const agent = createAgent({
    apiKey: 'key',
    fetch: mockFetch({ script: script([{ times: Number.POSITIVE_INFINITY, reply }]), seed: 1 }) as typeof fetch,
    retry: { maxRetries: 0 },
    maxTurns: 5,
    store,
    tools: [
      tool('look', true),
      tool('pay', false),
      defineTool({ name: 'hand', description: 'Is made elsewhere.', input }),
    ],
    // They change nothing, and take their time.
    hooks: { prompt: pause, beforeTool: pause, afterTool: pause, beforeTurn: pause, afterTurn: pause },
    permission: ({ name }) => (name === 'pay' ? { defer: true } : { allow: true }),
  })
  let session = await agent.session({ id: 's' })
  const ids: string[] = []
  /** Each answer that the sender of a prompt got: of several for one id, the last. */
  const told = new Map<string, Promise<Outcome>>()
  const others: Promise<unknown>[] = []
  const settle = (turn: Turn): Promise<Outcome> => turn.final().catch((error: Error) => error)

  function send(id: string, when: 'now' | 'next'): void {
    try {
      told.set(id, settle(session.send(`Prompt ${id}.`, { id, when })))
    } catch (error) {
      told.set(id, Promise.resolve(error as Error))
    }
  }

  async function decide({ which, allow }: Pick<Command, 'which' | 'allow'>): Promise<void> {
    const { pending } = session
    const one = pending[which % pending.length]
    if (!one) return
    const { id, hash, kind } = one
    const turn = await session.decide(id, kind === 'approval' ? { allow, hash } : { content: 'handed', allow })
    if (turn) await turn.final()
  }

  for (const { does, which, allow, pause } of commands) {
    if (does === 'send' || does === 'steer') {
      ids.push(`p${ids.length}`)
      send(ids.at(-1)!, does === 'send' ? 'next' : 'now')
    }
    if (does === 'again' && ids.length) send(ids[which % ids.length]!, allow ? 'now' : 'next')
    if (does === 'decide') others.push(decide({ which, allow }).catch((error) => error))
    if (does === 'continue') {
      const turn = session.continue()
      if (turn) others.push(settle(turn))
    }
    if (does === 'interrupt') others.push(session.interrupt('enough'))
    if (does === 'close') {
      await session.close()
      session = await agent.session({ id: 's', resume: true })
    }
    for (let n = 0; n < pause; n++) await setImmediate()
  }
  const outcomes = new Map<string, Outcome>()
  for (const [id, outcome] of told) outcomes.set(id, await outcome)
  for (const other of await Promise.all(others)) expect(isBug(other) ? other : undefined).toBeUndefined()
  await session.close()

  session = await agent.session({ id: 's', resume: true })
  isEnding = true
  await finish(session)
  const entries: string[] = []
  for await (const entry of session.entries()) if (entry.type === 'prompt') entries.push(entry.id)
  const asked = session.messages.filter(({ role }) => role === 'user').map(({ content }) => content)
  for (const [id, outcome] of outcomes) {
    expect(isBug(outcome) ? outcome : undefined).toBeUndefined()
    const count = entries.filter((one) => one === id).length
    const times = asked.filter((content) => content === `Prompt ${id}.`).length
    const isTaken = !(outcome instanceof Error) && !outcome.unsent.includes(id)
    // Nobody is told that a prompt was asked which was not, nor that one was not asked which was.
    if (isTaken && outcome.status !== 'interrupted') expect([id, count, times]).toEqual([id, 1, 1])
    else expect(Math.max(count, times)).toBeLessThanOrEqual(1)
    if (!(outcome instanceof Error) && outcome.unsent.includes(id)) expect([id, count]).toEqual([id, 0])
  }
  expect(new Set(made).size).toBe(made.length)
  await session.close()
}

/** Whatever is refused is refused with a reason of ours; the API refuses nothing. */
function isBug(outcome: unknown): boolean {
  if (!(outcome instanceof Error)) return false
  return !isEnjambError(outcome) || !/^(config|request_aborted)$/.test(outcome.code)
}

/** Whatever was, the session comes to its rest, and answers. */
async function finish(session: Session): Promise<void> {
  for (let n = 0; n < 20 && session.status !== 'idle'; n++) {
    for (const { id, kind } of session.pending) {
      await session.decide(id, kind === 'approval' ? { allow: false } : { content: 'handed' })
    }
    await session.continue()?.final()
  }
  expect(session.status).toBe('idle')
}

it('whatever is said at the same time, each prompt is asked once or its sender is told, and the history stays valid', {
  timeout: randomTimeoutMs,
}, async () => {
  const replies = fc.array(fc.nat(4), { minLength: 1, maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 14 }), replies, property),
    randomRuns(30),
  )
})
