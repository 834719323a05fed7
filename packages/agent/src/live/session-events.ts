import { onAbort } from '@enjamb/core'
import { checkSessionId } from '../journal/check-session-id.ts'
import type { Entry } from '../journal/entry.ts'
import type { SessionStore } from '../journal/session-store.ts'
import { type AgentEvent, eventsOf } from '../turn/agent-event.ts'
import type { Hub } from './hub.ts'
import { leavable } from './leavable.ts'
import { createMailbox } from './mailbox.ts'
import { formatPosition, parsePosition } from './position.ts'
import { endsReply, type Piece, type ReplySoFar } from './reply-so-far.ts'
import type { EventsOptions, SessionEvent } from './session-event.ts'

/** So much may wait for a reader. One that is slower looks up in the journal what it has missed. */
const mostNews = 1_000

/** So many entries before a result its call is looked for first. */
const nearCalls = 20

/**
 * What has happened in a session, then what happens: the facts of the journal, each once and in their order, whoever writes
 * it; and, of a session that is written here, the pieces of replies as they are shown.
 *
 * A reader catches up, which is to read the store and what was shown so far of a reply; then it takes its news. Who joined
 * before catching up has missed nothing, and what comes both ways is told by its place.
 */
export function sessionEvents(
  store: SessionStore,
  hub: Hub,
  id: string,
  options: EventsOptions = {},
): AsyncIterable<SessionEvent> {
  return leavable((leave) => tell(store, hub, id, options, leave))
}

async function* tell(
  store: SessionStore,
  hub: Hub,
  id: string,
  { after, signal: given }: EventsOptions,
  leave: AbortController,
): AsyncGenerator<SessionEvent, void> {
  checkSessionId(id)
  const { signal } = leave
  const end = () => leave.abort()
  const position = parsePosition(after)
  const toEvent = eventsOf()
  const mailbox = createMailbox(mostNews)
  /** The last fact that ended a reply. */
  let lastEnd = 0
  let hasLookedBack = false

  function place<Event extends AgentEvent>(event: Event): Event & { position: string } {
    return { ...event, position: formatPosition(position) }
  }

  async function* read(): AsyncGenerator<SessionEvent, void> {
    for await (const entry of store.read(id, position.seq)) {
      if (signal.aborted) return
      yield* give(entry)
    }
  }

  async function* give(entry: Entry): AsyncGenerator<SessionEvent, void> {
    if (entry.seq <= position.seq) return
    position.seq = entry.seq
    if (endsReply(entry)) {
      lastEnd = entry.seq
      position.reply = undefined
    }
    let event = toEvent(entry)
    for (let back = nearCalls; event?.type === 'tool_result' && !event.name && !hasLookedBack; back *= 10) {
      // Its call stands before the place where this reader began, and mostly not far.
      const from = Math.max(0, entry.seq - back)
      hasLookedBack = from === 0
      for await (const past of store.read(id, from)) {
        if (past.seq >= entry.seq) break
        toEvent(past)
      }
      event = toEvent(entry)
    }
    if (event) yield place(event)
  }

  function* show(reply: ReplySoFar, pieces: Iterable<Piece>): Generator<SessionEvent, void> {
    // It stands whole in the journal.
    if (lastEnd > reply.began) return
    for (const { event, end } of pieces) {
      if (end <= shownOf(reply) || signal.aborted) continue
      position.reply = { tag: reply.tag, length: end }
      yield place(event)
    }
  }

  function shownOf({ tag }: ReplySoFar): number {
    return position.reply?.tag === tag ? position.reply.length : 0
  }

  async function* catchUp(): AsyncGenerator<SessionEvent, void> {
    // Together: whatever is not in the one is in the other.
    mailbox.clear()
    const { reply } = member
    const pieces = reply?.since(shownOf(reply)) ?? []
    yield* read()
    if (reply) yield* show(reply, pieces)
  }

  const member = hub.join(id, mailbox)
  signal.addEventListener('abort', mailbox.wake)
  const off = onAbort(given, end)
  if (given?.aborted) end()
  try {
    while (!signal.aborted) {
      if (mailbox.failure) throw mailbox.failure.error
      if (mailbox.isBehind) {
        yield* catchUp()
        member.follow(position.seq)
        continue
      }
      const news = mailbox.take()
      if (!news) await mailbox.changed()
      else if ('entry' in news) {
        if (news.entry.seq > position.seq + 1) yield* read()
        yield* give(news.entry)
      } else if ('reply' in news) yield* show(news.reply, [news])
      else yield place(news.event)
    }
  } finally {
    off()
    member.leave()
  }
}
