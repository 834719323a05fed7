import { getEventListeners } from 'node:events'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Outcome, OutgoingRequest } from '../client/middleware.ts'
import { createPool } from './pool.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_800_000_000_137 })
})
afterEach(() => {
  vi.useRealTimers()
})

/** One attempt as `send` makes it, with its ends in the test's hands. */
function attemptOf(number: number, attempt: number, signal: AbortSignal) {
  let tell: (outcome: Outcome) => void = () => {}
  const request: OutgoingRequest = {
    method: 'POST',
    url: 'https://api.anthropic.com/v1/messages',
    headers: new Headers(),
    body: String(number),
    params: {},
    signal,
    attempt,
    project: undefined,
    onOutcome: (listener) => {
      tell = listener
    },
  }
  const end = (error?: unknown, response?: Response) =>
    tell({ sent: true, response, value: undefined, error, firstContentAt: undefined })
  return { request, end }
}

type Step =
  | { do: 'come'; again: boolean }
  | { do: 'abort'; who: number }
  | { do: 'end'; who: number; refused: boolean }
  | { do: 'pass'; ms: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('come' as const), again: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('abort' as const), who: fc.nat() }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('end' as const), who: fc.nat(), refused: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.nat(20_000) }) },
)

interface Person {
  number: number
  again: boolean
  controller: AbortController
  state: 'waiting' | 'away' | 'gone'
  end(error?: unknown, response?: Response): void
  answer(response: Response): void
}

describe('a lane', () => {
  it('keeps its order and its bound, sends nobody who has left, and everybody else', async () => {
    const remaining = fc.option(fc.nat(10))
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.integer({ min: 1, max: 6 }), remaining, play),
      { numRuns: 100 },
    )
  })

  it('costs the same for each, however many wait', async () => {
    const lane = createPool(1, 60_000)
    const order: number[] = []
    const calls = Array.from({ length: 10_000 }, (_, number) => {
      const { request, end } = attemptOf(number, 0, new AbortController().signal)
      return lane.enter(request, async () => {
        order.push(number)
        setTimeout(() => end(), 1)
        return new Response()
      })
    })
    await vi.advanceTimersByTimeAsync(20_000)
    await Promise.all(calls)
    expect(order).toEqual(order.map((_, n) => n))
    expect([order.length, vi.getTimerCount(), lane.idle]).toEqual([10_000, 0, true])
  })

  it('rejects with the reason where the signal was aborted before', async () => {
    const lane = createPool(1, 60_000)
    const { request } = attemptOf(0, 0, AbortSignal.abort('no more'))
    await expect(lane.enter(request, async () => new Response())).rejects.toBe('no more')
    expect(lane.idle).toBe(true)
  })

  it('holds the place of a stream until it has been read', async () => {
    const lane = createPool(1, 60_000)
    const { signal } = new AbortController()
    const [first, second] = [attemptOf(0, 0, signal), attemptOf(1, 0, signal)]
    let sent = 0
    const next = async () => {
      sent++
      return new Response('data: …')
    }
    await lane.enter(first.request, next)
    const waiting = lane.enter(second.request, next)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(sent).toBe(1)
    first.end()
    await waiting
    expect(sent).toBe(2)
    second.end()
  })

  it('slows down for an overloaded_error inside a stream', async () => {
    const lane = createPool(100, 60_000)
    const { signal } = new AbortController()
    const [first, second, late] = [attemptOf(0, 0, signal), attemptOf(1, 0, signal), attemptOf(2, 0, signal)]
    const next = async () => new Response('data: …')
    await lane.enter(first.request, next)
    second.end({ code: 'overloaded' }, await lane.enter(second.request, next))
    let sent = false
    const waiting = lane.enter(late.request, async () => {
      sent = true
      return new Response()
    })
    await vi.advanceTimersByTimeAsync(100)
    expect(sent).toBe(false)
    first.end()
    await vi.advanceTimersByTimeAsync(1000)
    await waiting
    late.end()
  })
})

/** Plays a story against a lane, and ends it so that everybody who waits can go. */
async function play(steps: Step[], concurrency: number, remaining: number | null): Promise<void> {
  const lane = createPool(concurrency, 60_000)
  const people: Person[] = []
  const left: Person[] = []
  const away = () => people.filter(({ state }) => state === 'away')
  const waiting = () => people.filter(({ state }) => state === 'waiting')

  const come = (again: boolean) => {
    const controller = new AbortController()
    const { request, end } = attemptOf(people.length, Number(again), controller.signal)
    const person: Person = { number: people.length, again, controller, state: 'waiting', end, answer: () => {} }
    people.push(person)
    lane
      .enter(request, () => {
        expect(person.state).toBe('waiting')
        // First of its kind; a new one only where nobody waits to try again.
        const before = waiting().filter((other) => other.again || !again)
        expect(before.find((other) => other.again === again || other.again)).toBe(person)
        person.state = 'away'
        left.push(person)
        expect(away().length).toBeLessThanOrEqual(concurrency)
        return new Promise((resolve) => (person.answer = resolve))
      })
      .catch((error) => expect(error).toBe(person))
  }
  const finish = (person: Person, refused: boolean) => {
    person.answer(new Response('', { status: refused ? 429 : 200, headers: refused ? {} : toldHeaders(remaining) }))
    person.state = 'gone'
    person.end(refused ? new Error('refused') : undefined)
  }

  for (const now of steps) {
    if (now.do === 'come') come(now.again)
    if (now.do === 'pass') await vi.advanceTimersByTimeAsync(now.ms)
    if (now.do === 'end' && away().length) finish(away()[now.who % away().length]!, now.refused)
    if (now.do === 'abort' && waiting().length) {
      const person = waiting()[now.who % waiting().length]!
      person.state = 'gone'
      person.controller.abort(person)
    }
    await vi.advanceTimersByTimeAsync(0)
    if (waiting().length === 0) expect(vi.getTimerCount()).toBe(0)
  }
  for (let turn = 0; turn < 1000 && !lane.idle; turn++) {
    for (const person of away()) finish(person, false)
    await vi.advanceTimersByTimeAsync(5000)
  }
  expect(people.filter(({ state }) => state !== 'gone')).toEqual([])
  expect([lane.idle, vi.getTimerCount()]).toEqual([true, 0])
  for (const { controller } of people) expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
}

function toldHeaders(remaining: number | null): Record<string, string> {
  if (remaining === null) return {}
  return {
    'anthropic-ratelimit-requests-limit': '10',
    'anthropic-ratelimit-requests-remaining': String(remaining),
    'anthropic-ratelimit-requests-reset': new Date(Date.now() + (10 - remaining) * 6000).toISOString(),
  }
}
