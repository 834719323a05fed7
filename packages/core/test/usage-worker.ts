import { appendFileSync } from 'node:fs'
import { fileUsageStore } from '../src/node/usage-store/file-usage-store.ts'
import { noCounts } from '../src/usage/ledger/day-sums.ts'
import type { ReservedUsage, UsageCap } from '../src/usage/usage-store.ts'

/** What a worker process is told, as JSON in its first argument. */
export interface UsageWork {
  directory: string
  name: string
  calls: number
  cap: UsageCap
  maxBytes: number
  /** Gets a line for each call that is over: its number, and whether it was granted. */
  report: string
}

/** What the call of this number reserves; it comes to a little less, and every seventh to nothing. */
export function amountsOf(call: number): { reserved: number; spent: number } {
  const reserved = 10 + ((call * 7_919) % 991)
  return { reserved, spent: call % 7 === 0 ? 0 : reserved - (call % 10) }
}

/** Reserves and settles as fast as it can, some calls beside each other. */
export async function doUsageWork({ directory, name, calls, cap, maxBytes, report }: UsageWork): Promise<void> {
  const store = fileUsageStore(directory, { maxBytes })
  let next = 0
  const lane = async () => {
    while (next < calls) {
      const call = next++
      const { reserved, spent } = amountsOf(call)
      const id = `${name}-${call}`
      const reservation: ReservedUsage = { id, project: 'shared', model: name, day: cap.until, nanoUsd: reserved }
      const { granted } = await store.reserve(reservation, cap)
      if (granted) await store.settle(reservation, spent ? { ...noCounts, calls: 1, nanoUsd: spent } : undefined, cap)
      appendFileSync(report, `${call} ${granted}\n`)
      process.stdout.write('.')
    }
  }
  await Promise.all(Array.from({ length: 4 }, lane))
}

const [work] = process.argv.slice(2)
if (work?.startsWith('{')) await doUsageWork(JSON.parse(work) as UsageWork)
