import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { median, type Report } from '../report.ts'

const folder = fileURLToPath(new URL('..', import.meta.url))
const packages = new URL('../../packages/', import.meta.url)
const rounds = 9
const official = '@anthropic-ai/sdk'

/** Every entry that the packages' `exports` promise. */
function entries(): string[] {
  return readdirSync(packages).flatMap((name) => {
    const manifest = JSON.parse(readFileSync(new URL(`${name}/package.json`, packages), 'utf8'))
    const subpaths = Object.keys(manifest.exports).filter((subpath) => !subpath.endsWith('.json'))
    return subpaths.map((subpath) => manifest.name + subpath.slice(1))
  })
}

/** Milliseconds of the processor that a fresh process takes for a program, its own start included. */
function cpuMs(code: string): number {
  const program = `${code}; const { user, system } = process.cpuUsage(); console.log((user + system) / 1000)`
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd: folder }))
}

export default async function run(): Promise<Report> {
  const names = [...entries(), official]
  const more: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const name of names) more[name]!.push(-cpuMs('') + cpuMs(`await import('${name}')`))
  }
  const ms = (name: string) => median(more[name]!)
  const core = ms('@enjamb/core')
  return {
    title: 'Importing a package',
    method: `CPU of a fresh process that imports an entry, above that of an empty program started just before it, from the disk cache; medians of ${rounds}, in turns.`,
    rows: names.map((name) => ({
      name: `\`${name}\``,
      value: ms(name),
      unit: 'ms',
      ratio: ms(name) / core,
      ours: name !== official,
    })),
    goals: [
      { what: '`@enjamb/core` against the official client', atMost: 0.1, measured: core / ms(official) },
      ...entries().map((name) => ({ what: `\`${name}\`, ms`, atMost: 40, measured: ms(name) })),
    ],
  }
}
