import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

/** The program's own file of one of its sessions. */
export interface TranscriptFile {
  readonly path: string
  /** `undefined` where there is none. */
  read(): Uint8Array | undefined
  /** Puts it back as it was; `undefined`: there was none. */
  write(bytes: Uint8Array | undefined): void
}

/** Where the program keeps its sessions: in a folder for each that it works in, named after that. */
export function transcriptFile(session: string, cwd: string, env: Readonly<Record<string, string>>): TranscriptFile {
  const projects = join(env.CLAUDE_CONFIG_DIR || join(env.HOME || homedir(), '.claude'), 'projects')
  const name = `${session}.jsonl`
  const own = join(projects, projectName(cwd), name)
  // It goes on with a session wherever that has begun.
  const find = () => foldersIn(projects).find((path) => existsSync(join(path, name)))
  const path = () => join(find() ?? dirname(own), name)
  return {
    get path() {
      return path()
    },
    read() {
      const file = path()
      return existsSync(file) ? readFileSync(file) : undefined
    },
    write(bytes) {
      const file = path()
      if (!bytes) return rmSync(file, { force: true })
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
      // Whole or not at all.
      const half = `${file}.${process.pid}.tmp`
      writeFileSync(half, bytes, { mode: 0o600 })
      renameSync(half, file)
    },
  }
}

/** As the program makes it of the path of a folder. */
export function projectName(cwd: string): string {
  const path = resolve(cwd)
  return (existsSync(path) ? realpathSync(path) : path).replace(/[^a-zA-Z0-9]/g, '-')
}

function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap((one) =>
    one.isDirectory() ? join(folder, one.name) : [],
  )
}
