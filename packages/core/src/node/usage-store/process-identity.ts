import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/**
 * This process among all that could share a file: where it runs, its id, and when it started, since ids are used again.
 * On Linux "where" is one boot of one machine, and within it the set of processes that can see each other.
 */
export function processIdentity(): string {
  return `${hostIdentity()}/${process.pid}/${ownStart()}`
}

/** Whether a process is known to have ended. Of one that runs elsewhere nothing is known. */
export function isProcessGone(identity: string): boolean {
  const [host, pid, start] = identity.split('/')
  if (host !== hostIdentity()) return false
  try {
    if (start) return startOf(Number(pid)) !== start
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    // Whatever else goes wrong here, too many open files say, tells nothing of that process.
    return ['ESRCH', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')
  }
}

let host: string | undefined

function hostIdentity(): string {
  host ??= linuxHost() ?? hostname().replaceAll('/', '-')
  return host
}

function linuxHost(): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 13)
    return `${boot}-${readlinkSync('/proc/self/ns/pid').replace(/\D/g, '')}`
  } catch {
    return undefined
  }
}

/** In ticks since the machine started; `undefined` for a process that was killed, and whose parent has not asked yet. */
function startOf(pid: number): string | undefined {
  // The name of the program, in parentheses, may hold anything.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19]
}

function ownStart(): string {
  try {
    return startOf(process.pid) ?? ''
  } catch {
    return ''
  }
}
