import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { medians, type Report } from '../report.ts'

const folder = fileURLToPath(new URL('..', import.meta.url))

/** Milliseconds that a fresh process takes to import a package. */
function importTime(name: string): number {
  const code = `const start = performance.now(); await import('${name}'); console.log(performance.now() - start)`
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', code], { cwd: folder }))
}

export default async function run(): Promise<Report> {
  const names = ['@enjamb/core', '@enjamb/stream', '@anthropic-ai/sdk']
  const times: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]))
  await medians(Object.fromEntries(names.map((name) => [name, () => times[name]!.push(importTime(name))])))
  const middle = (name: string) => times[name]!.sort((a, b) => a - b)[times[name]!.length >> 1]!
  const ours = middle('@enjamb/core')
  return {
    title: 'Importing a package',
    method: 'In a fresh process each, from the disk cache; medians of 11, in turns.',
    rows: names.map((name) => ({
      name: `\`${name}\``,
      value: middle(name),
      unit: 'ms',
      ratio: middle(name) / ours,
      ours: name.startsWith('@enjamb'),
    })),
    goals: [
      { what: '`@enjamb/core` against the official client', atMost: 0.1, measured: ours / middle('@anthropic-ai/sdk') },
    ],
  }
}
