import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** The server that is installed, of Debian's packages `valkey-server` or `redis-server`, say; nothing where there is none. */
export const redisProgram = ['valkey-server', 'redis-server'].find((name) => !spawnSync(name, ['--version']).error)

/** A server of one's own, reached by a socket. It writes each step down before it answers, or at `appendfsync`. */
export async function startRedis(appendfsync: 'always' | 'everysec' = 'always') {
  const folder = mkdtempSync(join(tmpdir(), 'enjamb-redis-'))
  const socket = join(folder, 'socket')
  const args = [
    '--port',
    '0',
    '--unixsocket',
    socket,
    '--dir',
    folder,
    '--appendonly',
    'yes',
    '--appendfsync',
    appendfsync,
  ]
  let child: ChildProcess

  async function start(): Promise<void> {
    child = spawn(redisProgram!, [...args, '--save', ''], { stdio: ['ignore', 'pipe', 'inherit'] })
    for await (const line of createInterface(child.stdout!)) {
      if (/ready to accept connections/i.test(line)) break
    }
    child.stdout!.resume()
  }

  async function kill(): Promise<void> {
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }

  await start()
  return {
    socket,
    /** Kills it, and starts it again on what it has written. */
    async restart() {
      await kill()
      await start()
    },
    async stop() {
      await kill()
      rmSync(folder, { recursive: true })
    },
  }
}
