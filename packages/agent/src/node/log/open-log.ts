import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError } from '@enjamb/core'
import type { Entry } from '../../journal/entry.ts'
import { createLogFormatter } from '../../record/log/create-log-formatter.ts'
import type { LogFileOptions } from '../../record/log/log-file-options.ts'

const defaultName = 'session'

/** Options of {@link openLog}. */
export interface OpenLogOptions extends LogFileOptions {
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
 * Opens `<logDir>/<logName>_<YYYYMMDD_HHMMSS>[_<session 8>].log`, in UTC, for its owner alone to read, and writes a session into
 * it entry by entry, in the form of `toLog`.
 *
 * @throws {ConfigError} the folder cannot be written, or the name is a path
 * @example
 * const log = openLog({ logDir: './logs', logName: 'reviewer', logAll: true })
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

function fileName({ logName = defaultName, session = '', at = new Date() }: OpenLogOptions): string {
  checkLogName(logName)
  const [day = '', time = ''] = at.toISOString().replace(/[-:]/g, '').split(/[T.]/)
  return [logName, day, time, session.slice(0, 8).replace(/[^\w-]/g, '-')].filter(Boolean).join('_')
}

/** @throws {ConfigError} it is a path, or nothing */
export function checkLogName(logName = defaultName): void {
  if (!/^[^/\\\0]{1,100}$/.test(logName) || logName.startsWith('.')) {
    throw new ConfigError(
      `logName must be the beginning of a file's name, without slashes and no "." first: ${logName}`,
    )
  }
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
