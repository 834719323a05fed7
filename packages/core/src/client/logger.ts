/** The part of a logger that is called; `console` fits, and so does pino. */
export interface Logger {
  debug?(message: string): void
  warn?(message: string): void
}
