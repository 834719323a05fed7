import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError } from '@enjamb/core'
import type { Entry } from '../../journal/entry.ts'
import { createLogFormatter } from '../../record/log/create-log-formatter.ts'

/** Options of {@link openLog}. */
export interface OpenLogOptions {
  /** The folder; it is made where there is none. */
  logDir: string
  /** The beginning of the file's name. Default `session`. */
  name?: string | undefined
  /** Thoughts, calls, results and what each prompt came to, too. Default `false`: what was asked and answered. */
  logAll?: boolean | undefined
  /** The session's id, whose first eight characters end the file's name. */
  session?: string | undefined
  /** When it begins. Default now. */
  at?: Date | undefined
  /** What earlier logs of the session hold: this one goes on behind it. */
  before?: readonly Entry[] | undefined
}

/** A log that is written while its session goes on. */
export interface LogFile {
  readonly path: string
  /** Writes what an entry adds: it is in the file when this returns, whatever becomes of the process. */
  write(entry: Entry): void
  /** A second call does nothing. */
  close(): void
}

/**
 * Opens `<logDir>/<name>_<YYYYMMDD_HHMMSS>[_<session 8>].log`, in UTC, for its owner alone to read, and writes a session into
 * it entry by entry, in the form of `toLog`.
 *
 * @throws {ConfigError} the folder cannot be written, or the name is a path
 * @example
 * const log = openLog({ logDir: './logs', name: 'reviewer', logAll: true })
 * for await (const entry of store.follow(id, 0, signal)) log.write(entry)
 */
export function openLog(options: OpenLogOptions): LogFile {
  const { logDir, logAll = false, before } = options
  const { path, file } = create(logDir, fileName(options))
  const format = createLogFormatter({ all: logAll }, before)
  let isOpen = true
  return {
    path,
    write(entry) {
      const text = format(entry)
      if (text && isOpen) writeSync(file, text)
    },
    close() {
      if (isOpen) closeSync(file)
      isOpen = false
    },
  }
}

function fileName({ name = 'session', session = '', at = new Date() }: OpenLogOptions): string {
  if (!/^[^/\\\0]{1,100}$/.test(name) || name.startsWith('.')) {
    throw new ConfigError(`name must be the beginning of a file's name, without slashes and no "." first: ${name}`)
  }
  const [day = '', time = ''] = at.toISOString().replace(/[-:]/g, '').split(/[T.]/)
  return [name, day, time, session.slice(0, 8).replace(/[^\w-]/g, '-')].filter(Boolean).join('_')
}

/** A new file: sessions that begin in the same second do not write into each other's. */
function create(logDir: string, name: string): { path: string; file: number } {
  try {
    mkdirSync(logDir, { recursive: true })
    for (let n = 1; ; n++) {
      const path = join(logDir, `${name}${n === 1 ? '' : `-${n}`}.log`)
      try {
        return { path, file: openSync(path, 'ax', 0o600) }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
    }
  } catch (cause) {
    throw new ConfigError(`logDir must be a folder in which files can be written: ${logDir}`, { cause })
  }
}
