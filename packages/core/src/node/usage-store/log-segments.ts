import { link, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { UsageLogEntry } from './usage-log-entry.ts'

/** The numbered files of a log. */
export interface LogSegments {
  pathOf(number: number): string
  /** The highest number, 0 for none; makes the directory. */
  newest(): Promise<number>
  /** Makes a file, whole or not at all, unless somebody else has. */
  make(number: number, entries: UsageLogEntry[]): Promise<void>
  /** Removes files before this one, and drafts that nobody finished, when they are ten minutes old. */
  tidy(before: number): Promise<void>
}

/** For who is slow to notice that a file was followed by another one. */
const keptMs = 600_000

export function createLogSegments(directory: string, fsync: boolean): LogSegments {
  const pathOf = (number: number) => join(directory, `usage-${String(number).padStart(6, '0')}.jsonl`)
  return {
    pathOf,
    async newest() {
      await mkdir(directory, { recursive: true })
      return Math.max(0, ...(await readdir(directory)).map(numberOf).filter(Number.isFinite))
    },
    async make(number, entries) {
      const draft = join(directory, `usage-${crypto.randomUUID()}.tmp`)
      await writeFile(draft, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''), { flush: fsync })
      try {
        await link(draft, pathOf(number))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      } finally {
        await rm(draft, { force: true })
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

/** Not a number for what is no file of a log. */
function numberOf(name: string): number {
  return Number(/^usage-(\d+)\.jsonl$/.exec(name)?.[1] ?? Number.NaN)
}
