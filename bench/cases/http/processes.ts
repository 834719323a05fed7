import { execFileSync, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))

/** Starts a server in a process of its own; by default the streaming one. */
export async function startServer(file = 'server.ts'): Promise<{ port: number; close(): void }> {
  const server = fork(here(file), { execArgv: ['--import', 'tsx'] })
  const port = await new Promise<number>((resolve) => server.once('message', (message) => resolve(message as number)))
  return { port, close: () => server.disconnect() }
}

/** Runs a client in a process of its own, and gives what it measured of itself. */
export function runClient<Measured>(file: string, ...args: (string | number)[]): Measured {
  return runClientWith([], file, ...args)
}

/** The same, with options for Node. */
export function runClientWith<Measured>(flags: string[], file: string, ...args: (string | number)[]): Measured {
  const node = ['--expose-gc', '--import', 'tsx', ...flags]
  return JSON.parse(execFileSync(process.execPath, [...node, here(file), ...args.map(String)]).toString())
}
