import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createQueue } from './queue.ts'

describe('a waiting line', () => {
  it('does what an array does, whoever leaves', () => {
    const step = fc.option(fc.nat(20), { freq: 2 })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const line = createQueue<number>()
        const model: { item: number; leave: () => void }[] = []
        for (const [item, leaver] of steps.entries()) {
          // A number has somebody leave, from wherever; nothing has somebody come.
          if (leaver === null) model.push({ item, leave: line.add(item) })
          else model.splice(leaver % (model.length || 1), 1)[0]?.leave()
          expect(line.first).toBe(model[0]?.item)
        }
      }),
    )
  })

  it('costs the same however long it is', () => {
    const line = createQueue<number>()
    const ways = Array.from({ length: 300_000 }, (_, n) => line.add(n))
    const seen: (number | undefined)[] = []
    // From the front and from the middle in turns; an array would need minutes.
    for (let n = 0; n < 150_000; n++) {
      seen.push(line.first)
      ways[n]!()
      ways[n + 150_000]!()
    }
    expect(seen).toEqual(Array.from({ length: 150_000 }, (_, n) => n))
    expect(line.first).toBeUndefined()
  })
})
