import type { Logger } from '../../../client/logger.ts'

const levels = ['warn', 'info', 'debug'] as const

/**
 * A logger that writes what is of a level or above it to standard error: `debug`, `info` or `warn`. `undefined` for any
 * other, as `error` and `off` are.
 */
export function consoleLogger(level: string | undefined): Logger | undefined {
  const count = levels.indexOf(level?.toLowerCase() as 'warn') + 1
  // Not `console.info` and its kind, which write among a program's own output.
  const methods = levels
    .slice(0, count)
    .map((name) => [name, (line: string) => console.error(`enjamb ${name}: ${line}`)])
  return count ? Object.fromEntries(methods) : undefined
}
