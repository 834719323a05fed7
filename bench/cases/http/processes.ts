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
  const output = execFileSync(process.execPath, ['--expose-gc', '--import', 'tsx', here(file), ...args.map(String)])
  return JSON.parse(output.toString())
}
