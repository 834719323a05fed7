import { type ContentBlockParam, InvalidRequestError, type MessageParam } from '@enjamb/core'
import { mockFetch, script, type TurnSpec } from '@enjamb/testing'
import { withReply } from '@enjamb/tools'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { randomRuns, randomTimeoutMs } from '../../test/random-runs.ts'
import { createTools, hooks, permission, playSteps, reply, type Step, step } from '../../test/random-sessions.ts'
import { createAgent, memoryStore, type TurnResult } from '../index.ts'

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
      tools: createTools(made, () => void session.interrupt('too long')),
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
    await playSteps(() => session, steps, check)
    expect(new Set(made).size).toBe(made.length)
  } finally {
    await session.close()
  }
}

it('what a journal comes to is the history of the loop, after every turn, and requests only ever grow', {
  timeout: randomTimeoutMs,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(reply, { maxLength: 6 }), fc.array(step, { minLength: 1, maxLength: 4 }), property),
    randomRuns(60),
  )
})
