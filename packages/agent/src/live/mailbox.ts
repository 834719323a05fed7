import type { Entry } from '../journal/entry.ts'
import type { AgentEvent } from '../turn/agent-event.ts'
import type { ReplySoFar } from './reply-so-far.ts'

/** What happened: a fact, or something shown, which is a part of a reply or not. */
type News = { entry: Entry } | { event: AgentEvent; reply: ReplySoFar; end: number } | { event: AgentEvent }

/** What a reader has not taken yet. */
export interface Mailbox {
  put(news: News): void
  fail(error: unknown): void
  /** Wakes the reader. */
  wake(): void
  take(): News | undefined
  /** Empties it. From here on it misses nothing, until it is full again. */
  clear(): void
  /** There was more than it holds, which the reader has to look up. So is what was before the first `clear`. */
  readonly isBehind: boolean
  readonly failure: { error: unknown } | undefined
  /** Resolves when something is put in. */
  changed(): Promise<void>
}

export function createMailbox(most: number): Mailbox {
  let all: News[] = []
  let wake = () => {}
  let isBehind = true
  let failure: { error: unknown } | undefined
  return {
    put(news) {
      if (!isBehind) all.push(news)
      if (all.length > most) {
        all = []
        isBehind = true
      }
      wake()
    },
    fail(error) {
      failure = { error }
      wake()
    },
    wake: () => wake(),
    take: () => all.shift(),
    clear() {
      all = []
      isBehind = false
    },
    get isBehind() {
      return isBehind
    },
    get failure() {
      return failure
    },
    changed: () =>
      new Promise((resolve) => {
        wake = resolve
      }),
  }
}
