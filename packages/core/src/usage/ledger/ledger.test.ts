import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ReservedUsage } from '../usage-store.ts'
import { noCounts } from './day-sums.ts'
import { createLedger, type Ledger } from './ledger.ts'

const ever = { since: '', until: '9999-12-31' }

function reservation(id: string, nanoUsd: number, day = '2026-11-21', model = 'm'): ReservedUsage {
  return { id, project: 'p', model, day, nanoUsd }
}

const spend = (nanoUsd: number) => ({ ...noCounts, calls: 1, inputTokens: 2, nanoUsd })

describe('createLedger', () => {
  it('grants up to the last nano-dollar of the cap, and not one more', () => {
    const ledger = createLedger()
    const cap = { ...ever, nanoUsd: 100 }
    expect(ledger.reserve(reservation('a', 60), cap)).toEqual({ granted: true, usedNanoUsd: 0 })
    expect(ledger.reserve(reservation('b', 41), cap)).toEqual({ granted: false, usedNanoUsd: 60 })
    expect(ledger.reserve(reservation('c', 40), cap)).toEqual({ granted: true, usedNanoUsd: 60 })
  })

  it('counts a settlement once, and none of what it does not know', () => {
    const ledger = createLedger()
    ledger.reserve(reservation('a', 60), undefined)
    ledger.settle('a', spend(50))
    ledger.settle('a', spend(50))
    ledger.settle('nobody', spend(50))
    expect(ledger.read('p', ever)).toEqual({ reservedNanoUsd: 0, models: [{ model: 'm', ...spend(50) }] })
  })

  it('counts a late settlement in the place of what its reservation expired to', () => {
    for (const spent of [false, true]) {
      const ledger = createLedger()
      ledger.reserve(reservation('a', 60), undefined)
      ledger.expire('a', spent)
      expect(ledger.spent('p', ever)).toBe(spent ? 60 : 0)
      ledger.settle('a', spend(50))
      ledger.settle('a', spend(50))
      expect(ledger.read('p', ever)).toEqual({ reservedNanoUsd: 0, models: [{ model: 'm', ...spend(50) }] })
    }
  })

  it('counts a call for the day of its reservation, however late it ends', () => {
    const ledger = createLedger()
    const [november, december] = ['2026-11-30', '2026-12-01'].map((day) => ({ since: day, until: day }))
    ledger.reserve(reservation('a', 60, '2026-11-30'), undefined)
    expect(ledger.read('p', december!).reservedNanoUsd).toBe(0)
    ledger.settle('a', spend(50))
    expect([ledger.spent('p', november!), ledger.spent('p', december!)]).toEqual([50, 0])
  })

  it('keeps a hundred days apart, and all of them in the total', () => {
    const ledger = createLedger()
    const dayOf = (n: number) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10)
    for (let n = 0; n < 400; n++) {
      ledger.reserve(reservation(`r${n}`, 9, dayOf(n)), undefined)
      // The first stays open all the time.
      if (n) ledger.settle(`r${n}`, spend(n))
    }
    expect(ledger.state().days).toHaveLength(101)
    expect(ledger.spent('p', ever)).toBe((399 * 400) / 2)
    expect(ledger.spent('p', { since: dayOf(300), until: dayOf(399) })).toBe(((300 + 399) * 100) / 2)
    expect(ledger.read('p', ever).reservedNanoUsd).toBe(9)
    ledger.settle('r0', spend(1_000))
    expect(ledger.read('p', ever)).toMatchObject({ reservedNanoUsd: 0 })
    expect(ledger.spent('p', ever)).toBe((399 * 400) / 2 + 1_000)
    expect(ledger.state().days).toHaveLength(101)
  })

  it('takes names for names, whatever they mean to an object', () => {
    const ledger = createLedger()
    ledger.reserve({ ...reservation('a', 5), project: '__proto__', model: 'constructor' }, undefined)
    ledger.settle('a', spend(5))
    expect(ledger.read('__proto__', ever).models).toEqual([{ model: 'constructor', ...spend(5) }])
    expect(ledger.read('toString', ever).models).toEqual([])
  })

  it('goes on from what another one held', () => {
    const steps = fc.array(
      fc.record({
        kind: fc.constantFrom('reserve', 'settle', 'release', 'expire', 'expire spent'),
        id: fc.constantFrom(...'abcdefgh'),
        nanoUsd: fc.nat(50),
        day: fc.constantFrom('2026-11-20', '2026-11-21'),
      }),
      { maxLength: 40 },
    )
    const take = (ledger: Ledger, step: { kind: string; id: string; nanoUsd: number; day: string }) => {
      const { kind, id, nanoUsd, day } = step
      if (kind === 'reserve' && !ledger.holds(id))
        ledger.reserve(reservation(id, nanoUsd, day), { ...ever, nanoUsd: 120 })
      if (kind === 'settle') ledger.settle(id, spend(nanoUsd))
      if (kind === 'release') ledger.settle(id, undefined)
      if (kind.startsWith('expire')) ledger.expire(id, kind === 'expire spent')
    }
    fc.assert(
      fc.property(steps, steps, (before, after) => {
        const whole = createLedger()
        for (const step of before) take(whole, step)
        const next = createLedger()
        next.restore(JSON.parse(JSON.stringify(whole.state())))
        for (const step of after) {
          take(whole, step)
          take(next, step)
        }
        expect(next.read('p', ever)).toEqual(whole.read('p', ever))
        expect([...next.open.keys()]).toEqual([...whole.open.keys()])
      }),
    )
  })
})
