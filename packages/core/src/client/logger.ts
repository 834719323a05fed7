/**
 * The part of a logger that is called, if it is there: `console` is one, so is pino's. Of loggers that are functions, as
 * those of `debug`, make one: `{ debug: createDebug('enjamb'), warn: createDebug('enjamb:warn') }`.
 *
 * Each is called as a method with one line, in which credentials are redacted.
 */
export interface Logger {
  /** Every request that is sent. */
  debug?(message: string): void
  /** Every failure that is tried again, and what was given twice. */
  warn?(message: string): void
}
