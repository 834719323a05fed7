import type { Entry } from '../../journal/entry.ts'
import { createLogFormatter, type LogOptions } from './create-log-formatter.ts'

/**
 * A session as a text to be read, prompt by prompt: what was asked (500 characters of it), thought, called (2,000) and
 * answered, and what it came to. Times are in UTC. Credentials are left out, and so is what would act on a terminal.
 *
 * @example
 * const { entries } = await readRecord(store, id)
 * console.log(toLog(entries))
 */
export function toLog(entries: Iterable<Entry>, options?: LogOptions): string {
  const format = createLogFormatter(options)
  let log = ''
  for (const entry of entries) log += format(entry)
  return log
}
