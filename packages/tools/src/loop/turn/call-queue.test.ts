import { describe, expect, test } from 'vitest'
import { gate } from '../../../test/mock-run.ts'
import { type CallOrder, createCallQueue } from './call-queue.ts'

/** A queue whose calls note when they start, and end when they are told to. */
function queueOf(limit: number) {
  const enqueue = createCallQueue(limit)
  const started: string[] = []
  const ends = new Map<string, () => void>()
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  return {
    started,
    async add(name: string, order: CallOrder = 'free', error?: Error) {
      const { opened, open } = gate()
      ends.set(name, open)
      const outcome = enqueue(order, async () => {
        started.push(name)
        await opened
        if (error) throw error
        return name
      })
      outcome.catch(() => {})
      await settle()
      return { outcome }
    },
    async end(...names: string[]) {
      for (const name of names) ends.get(name)?.()
      await settle()
    },
  }
}

describe('a queue of calls', () => {
  test('starts as many as its limit, and the next, in the order asked, when one ends', async () => {
    const { add, end, started } = queueOf(2)
    for (const name of ['a', 'b', 'c', 'd', 'e']) await add(name)
    expect(started).toEqual(['a', 'b'])
    await end('b')
    expect(started).toEqual(['a', 'b', 'c'])
    await end('a', 'c')
    expect(started).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  test('has room again when all have ended', async () => {
    const { add, end, started } = queueOf(1)
    for (const name of ['a', 'b']) await add(name)
    await end('a')
    await end('b')
    await add('c')
    expect(started).toEqual(['a', 'b', 'c'])
    await end('c')
    await add('d')
    expect(started).toContain('d')
    await end('d')
  })

  test('holds back a write until every one before it has ended, and none that is free', async () => {
    const { add, end, started } = queueOf(2)
    await add('slow')
    await add('fast')
    await add('write', 'write')
    await end('fast')
    expect(started).toEqual(['slow', 'fast'])
    // Who waits for others holds no place.
    await add('read')
    expect(started).toEqual(['slow', 'fast', 'read'])
    await end('slow')
    expect(started).toContain('write')
    await end('write', 'read')
  })

  test('holds back a read until the writes before it have ended, and by no other read', async () => {
    const { add, end, started } = queueOf(9)
    for (const name of ['read 1', 'read 2']) await add(name, 'read')
    for (const name of ['write 1', 'write 2']) await add(name, 'write')
    for (const name of ['read 3', 'read 4']) await add(name, 'read')
    await add('free')
    expect(started).toEqual(['read 1', 'read 2', 'free'])
    await end('read 1', 'read 2')
    expect(started).toEqual(['read 1', 'read 2', 'free', 'write 1'])
    await end('write 1')
    expect(started.slice(4)).toEqual(['write 2'])
    await end('write 2')
    expect(started.slice(5)).toEqual(['read 3', 'read 4'])
    await end('read 3', 'read 4', 'free')
  })

  test('is not held up by one that fails', async () => {
    const { add, end, started } = queueOf(1)
    const failure = new Error('no')
    const { outcome } = await add('bad', 'write', failure)
    await add('write', 'write')
    await add('read', 'read')
    await end('bad')
    await expect(outcome).rejects.toBe(failure)
    await end('write', 'read')
    await end('write', 'read')
    expect(started.sort()).toEqual(['bad', 'read', 'write'])
  })
})
