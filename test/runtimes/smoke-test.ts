import type { Runtime } from '../../scripts/runtimes.ts'
import type { Outcomes } from './run-program.ts'

/** One row of the table: a runtime, and how the checks are made in it. */
export interface SmokeTest {
  name: string
  version: string
  /** Where it keeps sessions. */
  store: string
  /** What has to be installed for it. */
  needs: readonly Runtime[]
  /** What a check comes to in place of 'ok'. */
  known?: Record<string, RegExp>
  /** @param url of the mock API */
  run(project: string, url: string): Promise<Outcomes>
}
