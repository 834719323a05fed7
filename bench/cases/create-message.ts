import { deepStrictEqual } from 'node:assert'
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { cpuByRound, pairedRatio } from '../cpu-by-round.ts'
import { median, type Report } from '../report.ts'
import { type Caller, callers } from './create-message/callers.ts'

const calls = 1_000
const names = Object.keys(callers) as Caller[]

/** Kilobytes a call, in a process whose young generation is never full. */
function allocated(name: Caller): number {
  const file = fileURLToPath(new URL('create-message/allocations.ts', import.meta.url))
  const room = ['--max-semi-space-size=512', '--min-semi-space-size=512']
  return Number(execFileSync(process.execPath, ['--import', 'tsx', '--expose-gc', ...room, file, name])) / 1_000
}

export default async function run(): Promise<Report> {
  const [, ours, official] = names as [Caller, Caller, Caller]
  // The official client adds its own fields to what it got.
  const { _request_id, ...theirs } = (await callers[official]()) as unknown as Record<string, unknown>
  deepStrictEqual({ ...theirs }, await callers[ours]())
  const repeated = Object.fromEntries(
    names.map((name) => [
      name,
      async () => {
        for (let n = 0; n < calls; n++) await callers[name]()
      },
    ]),
  ) as Record<Caller, () => Promise<void>>
  const us = await cpuByRound(repeated)
  const kB = Object.fromEntries(names.map((name) => [name, allocated(name)])) as Record<Caller, number>
  return {
    title: `${calls.toLocaleString('en')} calls that are not streamed`,
    method:
      'One small answer each, in process, on a fetch that answers from memory. CPU of the process, medians of 15 rounds in turns; a ratio is the median of those in the same round. What a call allocates, in a process each.',
    rows: [
      ...names.map((name) => ({
        name,
        value: median(us[name]) / 1_000,
        unit: 'ms' as const,
        ratio: pairedRatio(us[name], us[ours]),
        ours: name === ours,
      })),
      ...names.map((name) => ({
        name: `${name}, allocated by a call`,
        value: kB[name],
        unit: 'kB' as const,
        ratio: kB[name] / kB[ours],
        ours: name === ours,
      })),
    ],
    goals: [
      { what: 'CPU against the official client', atMost: 1, measured: pairedRatio(us[ours], us[official]) },
      { what: 'allocations against the official client', atMost: 1, measured: kB[ours] / kB[official] },
    ],
  }
}
