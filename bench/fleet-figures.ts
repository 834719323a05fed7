import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { Figures } from '../packages/agent/test/note-figures.ts'
import { toTable } from './to-markdown.ts'

/** What the suite of fleets has measured of itself (`npm run test:fleet`), as a section. */
export function fleetFigures(): string[] {
  const folder = new URL('figures/', import.meta.url)
  if (!existsSync(folder)) return []
  const all = readdirSync(folder)
    .sort()
    .map((file): Figures => JSON.parse(readFileSync(new URL(file, folder), 'utf8')))
  const table = [['', '', 'measured'], ...all.map(({ what, figures, date }) => [what, figures, date])]
  const method =
    'What the long form of the suite of fleets has found, `npm run test:fleet`: the workers, the clients, the engine and PostgreSQL on this machine. Each of these is a test, which holds what its figures say.'
  return [['## What a fleet is held to', '', method, '', ...toTable(table), ''].join('\n')]
}
