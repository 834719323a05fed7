import { formatValue } from './format-value.ts'
import { toTable } from './to-table.ts'

/** More would be a loop, and too much for the page. */
const mostCharacters = 200_000

/** Hands on what `console` and `process.stdout` are given, as Node writes it. */
export function captureOutput(write: (text: string, isError: boolean) => void): void {
  let characters = 0
  const say = (text: string, isError = false) => {
    characters += text.length
    if (characters > mostCharacters) throw new Error('A snippet may print 200,000 characters, no more.')
    write(text, isError)
    return true
  }
  const line = (...values: unknown[]) => values.map((value) => (typeof value === 'string' ? value : formatValue(value)))
  const log = (...values: unknown[]) => void say(`${line(...values).join(' ')}\n`)
  const error = (...values: unknown[]) => void say(`${line(...values).join(' ')}\n`, true)
  const table = (rows: object) => void say(toTable(rows))
  Object.assign(console, { log, info: log, debug: log, dir: log, warn: error, error, table })
  const { process } = globalThis as unknown as { process: object }
  Object.assign(process, {
    stdout: { write: (text: unknown) => say(String(text)) },
    stderr: { write: (text: unknown) => say(String(text), true) },
  })
}
