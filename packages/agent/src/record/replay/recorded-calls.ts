import type { Message } from '@enjamb/core'
import type { Entry, IntentEntry, PendingEntry, ResultEntry, SpentEntry, TurnEntry } from '../../journal/entry.ts'
import { unfinished } from '../../journal/fold.ts'
import { contentText } from '../text/content-text.ts'

/** What became of a call. */
export interface RecordedCall {
  begun?: Extract<Entry, IntentEntry>
  result?: Extract<Entry, ResultEntry>
  /** What it waited for. */
  waits: PendingEntry[]
  /** What it got from models. */
  spent: SpentEntry[]
  /** The end of its turn, where that came before its own. */
  end?: TurnEntry
}

/** Did a turn end before a call did? Where somebody ended it, or the model declined, a result says so. */
function isCut({ result, begun }: RecordedCall, { status }: TurnEntry): boolean {
  if (!result) return true
  const mayBe = status === 'interrupted' || (status === 'refused' && !begun)
  return mayBe && result.isError && contentText(result.content) === unfinished(begun).content
}

/** Knows of each entry which call it is about, also where ids come again. */
export function recordedCalls(): {
  /** @returns the calls in a reply, to which more is added as it is read */
  read(entry: Entry): ReadonlyMap<string, RecordedCall> | undefined
} {
  let last = new Map<string, RecordedCall>()
  /** Tools of a reply begin while it is written. */
  const early = new Map<string, RecordedCall>()

  function callOf(id: string): RecordedCall {
    const known = last.get(id)
    if (known && !known.result) return known
    const call = early.get(id) ?? { waits: [], spent: [] }
    early.set(id, call)
    return call
  }

  function begin({ content }: Message): ReadonlyMap<string, RecordedCall> {
    const uses = content.filter((block) => block.type === 'tool_use')
    last = new Map(uses.map(({ id }) => [id, early.get(id) ?? { waits: [], spent: [] }]))
    early.clear()
    return last
  }

  return {
    read(entry) {
      if (entry.type === 'reply' || entry.type === 'part') return begin(entry.message)
      if (entry.type === 'intent') {
        // Of a call in a reply that never came, whose id a later one has again.
        if (!last.has(entry.call.id)) early.delete(entry.call.id)
        callOf(entry.call.id).begun = entry
      } else if (entry.type === 'result') callOf(entry.id).result = entry
      else if (entry.type === 'spent') (last.get(entry.id) ?? callOf(entry.id)).spent.push(entry)
      else if (entry.type === 'pending' && entry.session === undefined) callOf(entry.id).waits.push(entry)
      else if (entry.type === 'turn' && entry.status !== 'waiting') {
        for (const call of last.values()) if (!call.end && isCut(call, entry)) call.end = entry
      }
      return undefined
    },
  }
}
