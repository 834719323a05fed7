import { startTimer } from '@enjamb/core'
import { SessionLostError } from '../errors/session-lost-error.ts'
import type { SessionOptions } from '../session/open-session.ts'
import type { Session } from '../session/session.ts'

/** Sessions that are opened when they are asked for, and closed a while after nobody needs them any more. */
export interface OpenSessions {
  /**
   * Works with a session. It stays open while that lasts, and what it gives to `hold`.
   *
   * @throws as `agent.session`, and as the work
   */
  use<T>(id: string, resume: Resume, work: (session: Session, hold: Hold) => Promise<T>): Promise<T>
  /** One that is open already. */
  find(id: string): Promise<Session> | undefined
  close(): Promise<void>
}

type Resume = SessionOptions['resume']
export type Hold = (work: Promise<unknown>) => void

interface Kept {
  session: Promise<Session>
  users: number
  stopTimer(): void
  closing: Promise<void> | undefined
}

export function createOpenSessions(
  open: (options: SessionOptions) => Promise<Session>,
  keepMs: number,
  onError: (error: unknown) => void,
): OpenSessions {
  const all = new Map<string, Kept>()

  async function enter(id: string, resume: Resume): Promise<Kept> {
    for (;;) {
      const kept = all.get(id)
      if (!kept) break
      if (kept.closing) {
        await kept.closing
        continue
      }
      kept.stopTimer()
      kept.users++
      // Where it could not be opened, this one may: it may want to make it.
      if (await kept.session.catch(() => undefined)) return kept
    }
    const session = open({ id, resume })
    const kept: Kept = { session, users: 1, stopTimer() {}, closing: undefined }
    all.set(id, kept)
    try {
      await session
    } catch (error) {
      all.delete(id)
      throw error
    }
    return kept
  }

  function leave(id: string, kept: Kept): void {
    kept.users--
    if (kept.users || kept.closing) return
    kept.stopTimer = startTimer(keepMs, () => void shut(id, kept))
  }

  function shut(id: string, kept: Kept): Promise<void> {
    kept.stopTimer()
    kept.closing ??= kept.session
      .then((session) => session.close())
      .catch(onError)
      .finally(() => all.delete(id))
    return kept.closing
  }

  return {
    async use(id, resume, work) {
      const kept = await enter(id, resume)
      const settle = (error: unknown) => {
        // Somebody else writes it: it has to be opened anew.
        if (error instanceof SessionLostError) void shut(id, kept)
      }
      const hold: Hold = (held) => {
        kept.users++
        held.catch(settle).finally(() => leave(id, kept))
      }
      try {
        return await work(await kept.session, hold)
      } catch (error) {
        settle(error)
        throw error
      } finally {
        leave(id, kept)
      }
    },
    find(id) {
      const kept = all.get(id)
      return kept?.closing ? undefined : kept?.session
    },
    async close() {
      await Promise.all([...all].map(([id, kept]) => shut(id, kept)))
    },
  }
}
