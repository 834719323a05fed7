import type { Entry } from '../journal/entry.ts'
import type { SessionStore } from '../journal/session-store.ts'
import type { AgentEvent } from '../turn/agent-event.ts'
import { followStore } from './follow-store.ts'
import type { Mailbox } from './mailbox.ts'
import { createReplySoFar, endsReply, type ReplySoFar } from './reply-so-far.ts'

/** Tells of a session that is written here. */
export interface Reporter {
  fact(entry: Entry): void
  /** @param lastSeq the place of the last fact */
  show(event: AgentEvent, lastSeq: number): void
  /** A turn is over, whatever the journal could be told of it. */
  rest(): void
  /** Ends those who follow: a turn has ended, and nothing of that could be written. */
  fail(error: unknown): void
}

/** One who hears of a session. */
interface Membership {
  /** What is being written at this moment. */
  readonly reply: ReplySoFar | undefined
  /** From here on, hears of what others write behind this place, too. */
  follow(after: number): void
  leave(): void
}

/** Passes on what happens in the sessions of an agent. Of one that nobody follows, it keeps the reply that is under way. */
export interface Hub {
  reporter(id: string): Reporter
  join(id: string, mailbox: Mailbox): Membership
}

interface Room {
  mailboxes: Set<Mailbox>
  reply: ReplySoFar | undefined
  /** The last fact that was passed on. */
  lastSeq: number
  /** Ends what follows the store. */
  following: AbortController | undefined
}

export function createHub(store: SessionStore): Hub {
  const rooms = new Map<string, Room>()

  function enter(id: string): Room {
    let room = rooms.get(id)
    if (!room) {
      room = { mailboxes: new Set(), reply: undefined, lastSeq: 0, following: undefined }
      rooms.set(id, room)
    }
    return room
  }

  function tidy(id: string, room: Room): void {
    if (room.mailboxes.size) return
    room.following?.abort('left')
    room.following = undefined
    if (!room.reply) rooms.delete(id)
  }

  /** A fact comes from here, and once more from the store. */
  function pass(room: Room, entry: Entry): void {
    if (entry.seq <= room.lastSeq) return
    room.lastSeq = entry.seq
    for (const mailbox of room.mailboxes) mailbox.put({ entry })
  }

  async function follow(id: string, room: Room, after: number): Promise<void> {
    if (room.following) return
    const controller = new AbortController()
    room.following = controller
    const { signal } = controller
    try {
      for await (const entry of followStore(store, id, after, signal)) if (!signal.aborted) pass(room, entry)
    } catch (error) {
      if (signal.aborted) return
      room.following = undefined
      for (const mailbox of room.mailboxes) mailbox.fail(error)
    }
  }

  return {
    reporter: (id) => ({
      fact(entry) {
        const room = rooms.get(id)
        if (!room) return
        if (endsReply(entry)) room.reply = undefined
        pass(room, entry)
        tidy(id, room)
      },
      show(event, lastSeq) {
        const room = enter(id)
        room.reply ??= createReplySoFar(lastSeq)
        const { reply } = room
        const before = reply.length
        const end = reply.add(event)
        for (const mailbox of room.mailboxes) mailbox.put(end > before ? { event, reply, end } : { event })
        if (!end) room.reply = undefined
        tidy(id, room)
      },
      fail(error) {
        for (const mailbox of rooms.get(id)?.mailboxes ?? []) mailbox.fail(error)
      },
      rest() {
        const room = rooms.get(id)
        if (!room) return
        room.reply = undefined
        tidy(id, room)
      },
    }),
    join(id, mailbox) {
      const room = enter(id)
      room.mailboxes.add(mailbox)
      return {
        get reply() {
          return room.reply
        },
        follow: (after) => void follow(id, room, after),
        leave() {
          room.mailboxes.delete(mailbox)
          tidy(id, room)
        },
      }
    },
  }
}
