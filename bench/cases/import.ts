import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { atMostRounds } from '../at-most-rounds.ts'
import { median, type Report } from '../report.ts'

const folder = fileURLToPath(new URL('..', import.meta.url))
const names = [
  '@enjamb/core',
  '@enjamb/stream',
  '@enjamb/tools',
  '@enjamb/tools/code',
  '@enjamb/tools/node',
  '@enjamb/tools/mcp',
  '@anthropic-ai/sdk',
]
const rounds = atMostRounds(11)

/** Milliseconds of the processor that a process has taken when it has run a module, its start and all threads included. */
function timeOf(code: string): number {
  const tell = 'const { user, system } = process.cpuUsage(); console.log((user + system) / 1000)'
  const args = ['--input-type=module', '-e', `${code}; ${tell}`]
  return Number(execFileSync(process.execPath, args, { cwd: folder }))
}

export default async function run(): Promise<Report> {
  const times: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]))
  for (let round = -1; round < rounds; round++) {
    for (const name of names) {
      // Beside an empty one each, so that a busy machine strikes both alike.
      const bare = timeOf('')
      const whole = timeOf(`await import('${name}')`)
      if (round >= 0) times[name]!.push(whole - bare)
    }
  }
  const middle = (name: string) => median(times[name]!)
  const ours = middle('@enjamb/core')
  const subpaths = names.filter((name) => name.startsWith('@enjamb/tools/'))
  return {
    title: 'Importing a package',
    method: `The processor's time of a fresh process, from the disk cache, less that of an empty one beside it; medians of ${rounds}, in turns.`,
    rows: names.map((name) => ({
      name: `\`${name}\``,
      value: middle(name),
      unit: 'ms',
      ratio: middle(name) / ours,
      ours: name.startsWith('@enjamb'),
    })),
    goals: [
      { what: '`@enjamb/core` against the official client', atMost: 0.1, measured: ours / middle('@anthropic-ai/sdk') },
      ...subpaths.map((name) => ({
        what: `\`${name}\` against the official client`,
        atMost: 0.4,
        measured: middle(name) / middle('@anthropic-ai/sdk'),
      })),
    ],
  }
}
