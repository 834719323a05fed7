import { startTimer } from '@enjamb/core'
import type { Rows } from './database.ts'
import { connect, type PostgresClient, type PostgresPool } from './postgres-pool.ts'

/** One connection that is kept as long as somebody needs it, and made again when it breaks. */
export interface Link {
  /** Keeps it up; call what this gives when it is no longer needed. */
  hold(): () => void
  /** Runs a statement on it; rejects at once where there is no connection. */
  query(text: string, values: unknown[]): Promise<Rows>
}

export interface LinkOptions {
  pool: PostgresPool
  /** What to listen to. */
  channel: string
  onNotification(payload: string): void
  /** It is there, for the first time or again: what was told meanwhile was not heard. */
  onUp(): void
}

const retryMs = 200

export function createLink({ pool, channel, onNotification, onUp }: LinkOptions): Link {
  let holders = 0
  let client: PostgresClient | undefined
  let working = false
  let letGo = () => {}
  /** A client takes one statement after the other. */
  let last: Promise<unknown> = Promise.resolve()

  /** Until nobody needs it, or it breaks, which it gives. */
  async function listen(connected: PostgresClient): Promise<boolean> {
    let broken = false
    let end = () => {}
    const ended = new Promise<void>((resolve) => {
      end = () => {
        broken = true
        resolve()
      }
      letGo = resolve
    })
    const hear = ({ payload = '' }: { payload?: string }) => onNotification(payload)
    connected.on('error', end)
    connected.on('end', end)
    connected.on('notification', hear)
    try {
      await connected.query(`LISTEN ${channel}`)
      client = connected
      onUp()
      if (holders) await ended
      client = undefined
      await last
      if (!broken) await connected.query(`UNLISTEN ${channel}`)
    } catch {
      broken = true
    } finally {
      client = undefined
      connected.removeListener('error', end)
      connected.removeListener('end', end)
      connected.removeListener('notification', hear)
      connected.release(broken)
    }
    return broken
  }

  async function work(): Promise<void> {
    working = true
    while (holders) {
      // It is tried again for as long as somebody needs it.
      const broken = await connect(pool).then(listen, () => true)
      if (broken && holders) await new Promise<void>((resolve) => startTimer(retryMs, resolve))
    }
    working = false
  }

  return {
    hold() {
      holders++
      if (!working) void work()
      let held = true
      return () => {
        if (!held) return
        held = false
        if (--holders === 0) letGo()
      }
    },
    query(text, values) {
      const result = last.then(async () => {
        if (!client) throw new Error('There is no connection.')
        return (await client.query(text, values)).rows
      })
      last = result.catch(() => {})
      return result
    },
  }
}
