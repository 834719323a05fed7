/** Where logs of sessions are written, and what stands in them. */
export interface LogFileOptions {
  /** The folder; it is made where there is none. */
  logDir: string
  /** The beginning of their names. Default `session`. */
  logName?: string | undefined
  /** Thoughts, calls, results and what each prompt came to, too. Default `false`: what was asked and answered. */
  logAll?: boolean | undefined
}
