import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** What came of each check of `programs/smoke.mjs`: 'ok', or what went wrong. */
export type Outcomes = Record<string, string>

/** Runs a program that prints outcomes as JSON. */
export async function runProgram(program: string, args: readonly string[]): Promise<Outcomes> {
  // Nothing of the test runner's own.
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, DENO_NO_UPDATE_CHECK: '1' }
  const { stdout } = await promisify(execFile)(program, args, { env, timeout: 120_000 })
  return JSON.parse(stdout)
}
