import { atMostRounds } from './at-most-rounds.ts'
import { median } from './report.ts'

/** The processor's time of each contender in each round, in microseconds, all threads and the kernel included. */
export type CPUByRound<Name extends string> = Record<Name, number[]>

/**
 * Runs contenders in turns in this process (A B, A B, …), and counts what each takes of the processor: other work on the
 * machine makes a round longer, and hardly more expensive. What one left to be collected is collected before the next
 * one's turn, where Node runs with `--expose-gc`.
 *
 * @param rounds Those that count; two before them are for the compiler.
 * @param collect `false` for runs of a few milliseconds: with the garbage goes compiled code, which they would all pay for.
 */
export async function cpuByRound<Name extends string>(
  contenders: Record<Name, () => unknown>,
  rounds = 15,
  collect = true,
): Promise<CPUByRound<Name>> {
  const entries = Object.entries(contenders) as [Name, () => unknown][]
  const us = Object.fromEntries(entries.map(([name]) => [name, [] as number[]])) as CPUByRound<Name>
  for (let round = -2; round < atMostRounds(rounds); round++) {
    for (const [name, run] of entries) {
      if (collect) globalThis.gc?.()
      const before = process.cpuUsage()
      await run()
      const { user, system } = process.cpuUsage(before)
      if (round >= 0) us[name].push(user + system)
    }
  }
  return us
}

/** The median of the ratios of two contenders, round by round: what slows the machine down for a while slows both. */
export function pairedRatio(contender: readonly number[], other: readonly number[]): number {
  return median(contender.map((time, round) => time / other[round]!))
}
