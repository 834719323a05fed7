import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What a suite has measured: a row of a table in docs/benchmarks.md. */
export interface Figures {
  what: string
  figures: string
  /** The day, as 2026-11-28. */
  date: string
}

/** Keeps what a suite has measured, as a file from which `npm run bench` takes it: with `FIGURES=1`. Else it is printed. */
export function noteFigures(name: string, what: string, figures: string): void {
  if (!process.env.FIGURES) {
    console.log(`${what}: ${figures}`)
    return
  }
  const folder = fileURLToPath(new URL('../../../bench/figures/', import.meta.url))
  mkdirSync(folder, { recursive: true })
  const noted: Figures = { what, figures, date: new Date().toISOString().slice(0, 10) }
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(noted, null, 2)}\n`)
}
