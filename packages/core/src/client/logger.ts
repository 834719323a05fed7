/**
 * The part of a logger that is called, if it is there: `console` is one, so is pino's. Of loggers that are functions, as
 * those of `debug`, make one: `{ debug: createDebug('enjamb'), warn: createDebug('enjamb:warn') }`.
 *
 * Each is called as a method with one line, in which credentials are redacted; what it throws fails no call. Bundles for
 * browsers, which show each request to their developers, call `warn` alone.
 */
export interface Logger {
  /** Every request that is sent. */
  debug?(message: string): void
  /** How it ended: its status, how long it took, its id, and what was used. */
  info?(message: string): void
  /** Every failure that is tried again, and what was given twice. */
  warn?(message: string): void
}

/** Tells a logger, if it is there; what it cannot do is no reason for a call to fail. */
export function warn(logger: Logger | undefined, message: string): void {
  try {
    logger?.warn?.(message)
  } catch {}
}
