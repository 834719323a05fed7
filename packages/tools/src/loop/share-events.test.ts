import { describe, expect, test, vi } from 'vitest'
import { collect } from '../../test/mock-run.ts'
import { shareEvents } from './share-events.ts'

/** A source that counts how often it is asked, and ends or fails after its items. */
function sourceOf(items: number, error?: Error) {
  let pulls = 0
  const source = {
    async next(): Promise<IteratorResult<number, void>> {
      await new Promise((resolve) => setImmediate(resolve))
      if (pulls++ < items) return { value: pulls, done: false }
      if (error) throw error
      return { value: undefined, done: true }
    },
  }
  const onEvent = vi.fn()
  const onLeave = vi.fn(async () => {})
  return Object.assign(shareEvents(source, onEvent, onLeave), { onEvent, onLeave, pulls: () => pulls })
}

describe('a shared source', () => {
  test('is asked for an event once, however many wait for it, and never ahead of them', async () => {
    const { read, pulls, onEvent } = sourceOf(3)
    const [first, second] = [read(), read()]
    expect(await Promise.all([first.next(), second.next()])).toEqual([1, 1].map((value) => ({ value, done: false })))
    expect(pulls()).toBe(1)
    await first.next()
    await first.next()
    expect(pulls()).toBe(3)
    expect([await second.next(), await second.next()].map(({ value }) => value)).toEqual([2, 3])
    expect(pulls()).toBe(3)
    expect(onEvent.mock.calls).toEqual([[1], [2], [3]])
    expect(await collect(first)).toEqual([])
    expect(await collect(second)).toEqual([])
  })

  test('tells its state', async () => {
    const shared = sourceOf(1)
    expect(shared.state).toBe('idle')
    const reader = shared.read()
    expect(shared.state).toBe('idle')
    const first = reader.next()
    expect(shared.state).toBe('running')
    await first
    await reader.next()
    expect(shared.state).toBe('ended')
  })

  test('gives every reader its error, after what came before it, and whoever drains too', async () => {
    const error = new Error('no')
    const { read, drain } = sourceOf(2, error)
    const [first, second] = [read(), read()]
    await Promise.all([first.next(), second.next()])
    await expect(drain()).rejects.toBe(error)
    for (const reader of [first, second]) {
      expect(await reader.next()).toEqual({ value: 2, done: false })
      await expect(reader.next()).rejects.toBe(error)
    }
    await expect(drain()).rejects.toBe(error)
    await expect(collect(read())).rejects.toBe(error)
  })

  test('is told once that the last reader left, and leaving waits for what that takes', async () => {
    const { read, onLeave } = sourceOf(3)
    const [first, second] = [read(), read()]
    await Promise.all([first.next(), second.next()])
    await first.return()
    expect(onLeave).not.toHaveBeenCalled()
    let over = false
    onLeave.mockImplementation(async () => {
      await new Promise((resolve) => setImmediate(resolve))
      over = true
    })
    await second.return()
    expect(over).toBe(true)
    expect(onLeave).toHaveBeenCalledTimes(1)
  })

  test('is not told where somebody drains, where the end was reached, or where a reader never asked', async () => {
    const drained = sourceOf(3)
    const early = drained.read()
    await early.next()
    const draining = drained.drain()
    await early.return()
    await draining
    const whole = sourceOf(1)
    await collect(whole.read())
    const late = whole.read()
    await late.next()
    await late.return()
    const idle = sourceOf(1)
    await idle.read().return()
    for (const { onLeave } of [drained, whole, idle]) expect(onLeave).not.toHaveBeenCalled()
  })

  test('hears that a reader threw as one that left', async () => {
    const { read, onLeave } = sourceOf(3)
    const reader = read()
    await reader.next()
    await expect(reader.throw(new Error('mine'))).rejects.toThrow('mine')
    expect(onLeave).toHaveBeenCalledTimes(1)
  })
})
