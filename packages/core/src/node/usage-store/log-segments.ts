import { linkSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { UsageLogEntry } from './usage-log-entry.ts'

/** The numbered files of a log. */
export interface LogSegments {
  pathOf(number: number): string
  /** The highest number, 0 for none; makes the directory. */
  newest(): number
  /** Makes a file, whole or not at all, unless somebody else has. */
  make(number: number, entries: UsageLogEntry[]): void
  /** Removes files before this one, and drafts that nobody finished, when they are ten minutes old. */
  tidy(before: number): Promise<void>
}

/** For who is slow to notice that a file was followed by another one. */
const keptMs = 600_000

export function createLogSegments(directory: string, fsync: boolean): LogSegments {
  const pathOf = (number: number) => join(directory, nameOf(number))
  return {
    pathOf,
    // At once, for what must be written before anything else happens; it is once for each file.
    newest() {
      mkdirSync(directory, { recursive: true })
      return Math.max(0, ...readdirSync(directory).map(numberOf).filter(Number.isFinite))
    },
    make(number, entries) {
      const draft = join(directory, `usage-${crypto.randomUUID()}.tmp`)
      writeFileSync(draft, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''), { flush: fsync })
      try {
        linkSync(draft, pathOf(number))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      } finally {
        rmSync(draft, { force: true })
      }
    },
    async tidy(before) {
      for (const name of await readdir(directory)) {
        if (!(numberOf(name) < before) && !/^usage-.*\.tmp$/.test(name)) continue
        const path = join(directory, name)
        const found = await stat(path).catch(() => undefined)
        if (found && found.mtimeMs < Date.now() - keptMs) await rm(path, { force: true })
      }
    },
  }
}

function nameOf(number: number): string {
  return `usage-${String(number).padStart(6, '0')}.jsonl`
}

/** Not a number for what is no file of a log: a name of which no number would be made is none. */
function numberOf(name: string): number {
  const number = Number(/^usage-(\d+)\.jsonl$/.exec(name)?.[1] ?? Number.NaN)
  return nameOf(number) === name ? number : Number.NaN
}
