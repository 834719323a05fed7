import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { noCounts } from '../usage/ledger.ts'
import type { ReservedUsage } from '../usage/usage-store.ts'
import { fileUsageStore } from './file-usage-store.ts'

const day = '2026-11-21'
const range = { since: day, until: day }
const cap = { ...range, nanoUsd: 1_000 }

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'enjamb-usage-'))
})
afterEach(() => rm(directory, { recursive: true }))

function reservation(id: string, nanoUsd: number): ReservedUsage {
  return { id, project: 'p', model: 'm', day, nanoUsd }
}

describe('fileUsageStore', () => {
  it('grants what fits, also of what is asked at the same time', async () => {
    const stores = [fileUsageStore(directory), fileUsageStore(directory)]
    const grants = await Promise.all(
      Array.from({ length: 100 }, (_, i) => stores[i % 2]!.reserve(reservation(`r${i}`, 90), cap)),
    )
    expect(grants.filter(({ granted }) => granted)).toHaveLength(11)
    for (const store of stores) expect(await store.read('p', range)).toMatchObject({ reservedNanoUsd: 990 })
  })

  it('speed', async () => {
    const store = fileUsageStore(directory)
    const start = performance.now()
    for (let i = 0; i < 500; i++) {
      await store.reserve(reservation(`r${i}`, 1), cap)
      await store.settle(reservation(`r${i}`, 1), { ...noCounts, calls: 1, nanoUsd: 1 }, range)
    }
    console.log((performance.now() - start) / 1000, 'ms an entry')
  })
})
