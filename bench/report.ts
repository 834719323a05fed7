import { atMostRounds } from './at-most-rounds.ts'

/** What one benchmark found: contenders beside one another, measured in one run. */
export interface Report {
  title: string
  /** What was done, so that a stranger could do it again. */
  method: string
  rows: Row[]
  /** In place of rows, where there is more than one figure for each; the first one is the head. */
  table?: string[][]
  /** What the numbers should be at most, and are. */
  goals: Goal[]
  /** Contenders that do not run on this Node. */
  leftOut?: string[]
}

export interface Row {
  name: string
  /** Measured, in `unit`. */
  value: number
  unit: 'ms' | 'µs an event' | 'µs a request' | 'kB' | '×' | 'US¢'
  /** How many times the value of the row it is compared with. */
  ratio?: number
  /** Shown as ours in the chart. */
  ours?: boolean
  note?: string
}

export interface Goal {
  what: string
  atMost: number
  measured: number
}

/**
 * The medians of several contenders, which take turns: what the machine does meanwhile then strikes all of them alike.
 * Not the fastest runs: those met no garbage collection, which longer ones cannot avoid.
 */
export async function medians<Name extends string>(
  contenders: Record<Name, () => unknown>,
  times = 9,
): Promise<Record<Name, number>> {
  const all = Object.fromEntries(Object.keys(contenders).map((name) => [name, [] as number[]])) as Record<
    Name,
    number[]
  >
  for (let n = -2; n < atMostRounds(times); n++) {
    for (const [name, run] of Object.entries(contenders) as [Name, () => unknown][]) {
      const start = performance.now()
      await run()
      if (n >= 0) all[name].push(performance.now() - start)
    }
  }
  return Object.fromEntries(Object.entries<number[]>(all).map(([name, values]) => [name, median(values)])) as Record<
    Name,
    number
  >
}

/**
 * The medians for one run of each size, of as many runs at a time as make `total`: so each size gets its share of collecting
 * garbage, which in single runs one size meets and another does not.
 */
export async function mediansBySize(
  sizes: readonly number[],
  total: number,
  run: (size: number) => unknown,
): Promise<Record<number, number>> {
  const contenders = sizes.map((size) => [
    size,
    async () => {
      for (let done = 0; done < total; done += size) await run(size)
    },
  ])
  const all = await medians<string>(Object.fromEntries(contenders))
  return Object.fromEntries(sizes.map((size) => [size, (all[size]! * size) / total]))
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!
}
