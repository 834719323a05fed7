import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/**
 * Starts a program that is told things line by line, and answers so.
 *
 * @param first what a shell does before
 */
export function startWorker(args: string[], first = ':') {
  const child = spawn('/bin/sh', ['-c', `${first}; exec "$@"`, 'sh', process.execPath, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface(child.stdout!)[Symbol.asyncIterator]()
  const hear = async () => (await lines.next()).value as string
  const order = (command: string) => child.stdin!.write(`${command}\n`)
  return {
    child,
    hear,
    order,
    tell(command: string): Promise<string> {
      order(command)
      return hear()
    },
    async kill() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}
