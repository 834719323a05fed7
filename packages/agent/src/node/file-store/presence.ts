import { mkdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { isProcessGone, processIdentity } from '@enjamb/core/node'
import type { LeaseHolder } from './journal-line.ts'

/** Shows to other processes that this one lives, for as long as it holds a lease: a file that is touched again and again. */
export interface Presence {
  /** Who holds what is opened now. Call {@link leave} when it is given back. */
  enter(owner: string | undefined): Promise<LeaseHolder>
  leave(): Promise<void>
  /** Whether a lease of this holder is to be respected. */
  isAlive(holder: LeaseHolder): Promise<boolean>
}

/**
 * @param leaseMs how long a process may be silent until another one takes what it holds
 * @param onSilence this process was stopped for so long that others may have done so
 */
export function createPresence(directory: string, leaseMs: number, onSilence: () => void): Presence {
  const name = crypto.randomUUID()
  const folder = join(directory, 'alive')
  let leases = 0
  let timer: ReturnType<typeof setInterval> | undefined
  let begun: Promise<void> | undefined

  async function begin(): Promise<void> {
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, name), '')
    let last = performance.now()
    timer = setInterval(() => {
      const now = performance.now()
      if (now - last > leaseMs) onSilence()
      last = now
      const date = new Date()
      utimes(join(folder, name), date, date).catch(() => {})
    }, leaseMs / 3).unref()
  }

  return {
    async enter(owner) {
      leases++
      begun ??= begin()
      await begun
      return {
        owner,
        host: hostname(),
        pid: process.pid,
        process: processIdentity(),
        presence: name,
        token: crypto.randomUUID(),
        since: new Date().toISOString(),
      }
    },
    async leave() {
      if (--leases) return
      clearInterval(timer)
      begun = undefined
      await rm(join(folder, name), { force: true })
    },
    async isAlive({ process, presence }) {
      if (isProcessGone(process)) return false
      // A name that was not made here would be a path to anywhere.
      if (!/^[\w-]+$/.test(presence)) return false
      const found = await stat(join(folder, presence)).catch(() => undefined)
      return found !== undefined && Date.now() - found.mtimeMs < leaseMs
    },
  }
}
