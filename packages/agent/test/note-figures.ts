import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a suite has measured: a row of a table in docs/benchmarks.md. */
export interface Figures {
  what: string
  figures: string
  /** The day, as 2026-11-28. */
  date: string
}

/**
 * Keeps what a suite has measured in a file `name` of the folder that `FIGURES` names, from where `npm run bench` takes it;
 * without that it is printed.
 */
export function noteFigures(name: string, what: string, figures: string): void {
  const folder = process.env.FIGURES
  if (!folder) {
    console.log(`${what}: ${figures}`)
    return
  }
  mkdirSync(folder, { recursive: true })
  const noted: Figures = { what, figures, date: new Date().toISOString().slice(0, 10) }
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(noted, null, 2)}\n`)
}
