import { parseArgs } from 'node:util'
import { record } from '../cassette/record.ts'
import { replay } from '../cassette/replay.ts'
import { createMockServer } from '../mock-server.ts'
import { loadScript } from './load-script.ts'

const usage = `Usage: npx @enjamb/testing <command> [options]

  serve                 the Messages API on this machine, without a key
    --script <file>     what to answer: a .json list of turns, or a module that exports one
    --seed <text>       the same ids and the same streams on every run
    --gzip              compress answers
  record                pass requests on to the API, and keep them
    --file <file>       the cassette to write
    --upstream <url>    default https://api.anthropic.com
  replay                answer from a cassette
    --file <file>       the cassette to read
    --match <how>       strict (default), any or order
    --timing            wait as the API did

  --port <number>       default 8787
`

const options = {
  script: { type: 'string' },
  seed: { type: 'string' },
  gzip: { type: 'boolean' },
  file: { type: 'string' },
  upstream: { type: 'string' },
  match: { type: 'string' },
  timing: { type: 'boolean' },
  port: { type: 'string', default: '8787' },
  help: { type: 'boolean', short: 'h' },
} as const

type Values = ReturnType<typeof parse>['values']

/** Where a command talks to, and what ends it. */
export interface CommandContext {
  say(line: string): void
  complain(line: string): void
  stopped: AbortSignal
}

/** Runs one command until it is stopped; gives the exit code: 1 for a failure, 2 for a call that makes no sense. */
export async function runCommand(args: string[], { say, complain, stopped }: CommandContext): Promise<number> {
  try {
    const { values, positionals } = parse(args)
    const start = positionals.length === 1 ? commands[positionals[0] ?? ''] : undefined
    if (values.help || !start) {
      if (values.help) say(usage)
      else complain(usage)
      return values.help ? 0 : 2
    }
    const server = await start(values)
    say(`Listening on ${server.url}: set it as your client's base URL (ANTHROPIC_BASE_URL). Ctrl+C stops.`)
    if (!stopped.aborted) await new Promise((resolve) => stopped.addEventListener('abort', resolve, { once: true }))
    await server.close()
    return 0
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error))
    return 1
  }
}

const commands: Record<string, (values: Values) => Promise<{ url: string; close(): Promise<void> }>> = {
  async serve({ script, seed, gzip = false, port }) {
    return createMockServer({
      port: portOf(port),
      gzip,
      ...(script === undefined ? {} : { script: await loadScript(script) }),
      ...(seed === undefined ? {} : { seed }),
    })
  },
  record({ file, upstream, port }) {
    return record({ file: needed(file), port: portOf(port), ...(upstream === undefined ? {} : { upstream }) })
  },
  replay({ file, match = 'strict', timing = false, port }) {
    if (match !== 'strict' && match !== 'any' && match !== 'order') throw new Error('--match is strict, any or order')
    return replay({ file: needed(file), match, timing, port: portOf(port) })
  },
}

function parse(args: string[]) {
  return parseArgs({ args, options, allowPositionals: true })
}

function portOf(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('--port is a number from 0 to 65535')
  return port
}

function needed(file: string | undefined): string {
  if (file === undefined) throw new Error('--file is missing')
  return file
}
