import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { closeSync, constants, existsSync, fstatSync, openSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

// Not what PATH leads to, which may be in a folder where the tools write.
const programs = ['/usr/bin/mkfifo', '/bin/mkfifo']

/** A pipe for a process to print into. */
export interface ShellPipe {
  /** What was printed. It ends when everyone has closed the other end. */
  readonly output: Readable
  /** A file descriptor of the other end, to be closed once the process has it. */
  readonly input: number
}

/**
 * A pipe as a shell makes one. Node gives its children sockets instead, which on Linux cannot be opened by the names
 * `/dev/stdout` and `/dev/stderr`, and many a script does that. `undefined` on other systems, or if it cannot be made.
 */
export function createShellPipe(): ShellPipe | undefined {
  const mkfifo = programs.find(existsSync)
  // Not every Bun reads from a descriptor that it is given.
  if (process.platform !== 'linux' || process.versions.bun || !mkfifo) return
  const path = join(tmpdir(), `enjamb-${randomUUID()}`)
  const opened: number[] = []
  const open = (file: string, flags: number) => {
    const fd = openSync(file, flags)
    opened.push(fd)
    return fd
  }
  try {
    execFileSync(mkfifo, ['-m', '600', path], { stdio: 'ignore' })
    // This end first, since opening the other one waits for it. A command that is still running may have put something
    // else there meanwhile, which is not to be written to: it may be in a sandbox, and this is not.
    const fd = open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
    if (!fstatSync(fd).isFIFO()) throw new Error('It is no pipe any more.')
    const input = open(`/proc/self/fd/${fd}`, constants.O_WRONLY)
    return { output: new Socket({ fd, readable: true, writable: false }), input }
  } catch {
    for (const fd of opened) closeSync(fd)
    return
  } finally {
    rmSync(path, { force: true })
  }
}
