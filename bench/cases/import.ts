import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
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
const rounds = 11

/** Milliseconds that a process takes to start, run a module and end. */
function timeOf(code: string): number {
  const start = performance.now()
  execFileSync(process.execPath, ['--input-type=module', '-e', code], { cwd: folder })
  return performance.now() - start
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
    method: `In a fresh process each, from the disk cache, less the time of an empty one beside it; medians of ${rounds}, in turns.`,
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
