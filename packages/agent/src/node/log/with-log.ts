import { SessionNotFoundError } from '../../errors/session-not-found-error.ts'
import type { Entry, NewEntry } from '../../journal/entry.ts'
import type { Lease, SessionStore } from '../../journal/session-store.ts'
import type { LogFileOptions } from '../../record/log/log-file-options.ts'
import { checkLogName, type LogFile, openLog } from './open-log.ts'

/** Options of {@link withLog}. */
export interface WithLogOptions extends LogFileOptions {
  /** Is told of a log that could not be written on; the session goes on without it. Default: nothing. */
  onError?: ((error: unknown) => void) | undefined
}

/**
 * A store that writes a log beside each session that is opened in it: a file for each time that one is, see
 * {@link openLog}. What is in the journal is in the log a moment later. An agent's `logDir` does the same.
 *
 * @throws {ConfigError} the name is a path; when a session is opened, the folder cannot be written
 * @example
 * const store = withLog(fileStore('./sessions'), { logDir: './logs', logName: 'reviewer', logAll: true })
 * const agent = createAgent({ model: 'sonnet', store })
 */
export function withLog(store: SessionStore, { onError = () => {}, ...options }: WithLogOptions): SessionStore {
  checkLogName(options.logName)
  const open: SessionStore['open'] = async (id, settings) => {
    const lease = await store.open(id, settings)
    try {
      return logged(lease, openLog({ ...options, session: id, before: await entriesOf(store, id) }), onError)
    } catch (error) {
      await lease.release()
      throw error
    }
  }
  // Whatever else the store can do, now or in a later release, it does itself.
  return new Proxy(store, {
    get(target, name) {
      if (name === 'open') return open
      const value = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

async function entriesOf(store: SessionStore, id: string): Promise<Entry[]> {
  const entries: Entry[] = []
  try {
    for await (const entry of store.read(id)) entries.push(entry)
  } catch (error) {
    // One that is just being made.
    if (!(error instanceof SessionNotFoundError)) throw error
  }
  return entries
}

function logged(lease: Lease, log: LogFile, onError: (error: unknown) => void): Lease {
  let isBroken = false
  function write(entries: readonly NewEntry[], lastSeq: number) {
    const at = new Date().toISOString()
    let seq = lastSeq - entries.length
    for (const body of entries) log.write({ v: 1, seq: ++seq, at, ...body })
  }
  return {
    lost: lease.lost,
    async append(entries) {
      const lastSeq = await lease.append(entries)
      try {
        if (!isBroken) write(entries, lastSeq)
      } catch (error) {
        isBroken = true
        try {
          onError(error)
        } catch {}
      }
      return lastSeq
    },
    release: () => lease.release().finally(() => log.close()),
  }
}
