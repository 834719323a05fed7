import { spawn } from 'node:child_process'

/** Stands by a process for as long as it runs, in case that this one is killed. */
export interface ProcessGuard {
  /** What is to be ended. */
  watch(group: number): void
  /** It has ended: there is nothing to guard any more. Resolves when nobody stands by. */
  release(): Promise<void>
}

/**
 * Waits at the end of a pipe. Where that closes without a word, the process at its other end is gone, however it ended: then all
 * of the group is killed, with whatever has the mark in its environment, and the files are removed. Once more after a while: what
 * was just being started has no environment of its own yet.
 */
const script = `
group=
while read -r word value; do
  case $word in
    group) group=$value ;;
    released) exit 0 ;;
  esac
done
mark=$1
shift
rm -f -- "$@"
look=0
quiet=0
while [ $look -lt 20 ]; do
  found=
  [ -z "$group" ] || ! kill -KILL -- "-$group" 2>/dev/null || found=1
  for file in /proc/[0-9]*/environ; do
    grep -qzFx -- "$mark" "$file" 2>/dev/null || continue
    id=\${file#/proc/}
    ! kill -KILL "\${id%/environ}" 2>/dev/null || found=1
  done
  [ -z "$found" ] || quiet=0
  quiet=$((quiet + 1))
  [ $quiet -lt 4 ] || exit 0
  look=$((look + 1))
  sleep 0.05
done`

/**
 * Makes a guard: a shell that waits, and does nothing else. Not on Windows.
 *
 * @param files are removed with what is guarded
 */
export function createProcessGuard(mark: string, files: readonly string[]): ProcessGuard {
  if (process.platform === 'win32') return { watch() {}, release: async () => {} }
  // A group of its own, or a terminal's Ctrl-C would end it together with this process.
  const guard = spawn('/bin/sh', ['-c', script, 'guard', mark, ...files], {
    cwd: '/',
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin' },
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  guard.on('error', () => {})
  guard.stdin.on('error', () => {})
  guard.unref()
  const ended = new Promise<void>((resolve) => {
    guard.once('exit', () => resolve())
    guard.once('error', () => resolve())
  })
  return {
    watch(group) {
      guard.stdin.write(`group ${group}\n`)
    },
    release() {
      guard.ref()
      guard.stdin.end('released\n')
      return ended
    },
  }
}
