import type { Message, MessageParams } from '@enjamb/core'
import type { CompactionEntry, Entry, TurnEntry } from '../../journal/entry.ts'
import { createFold } from '../../journal/fold.ts'

/** A request that a session made, and what came of it. */
export interface Exchange {
  request: MessageParams
  /** What hooks added just before it. */
  contexts: string[]
  answer:
    | { type: 'reply'; message: Message; requestId: string | undefined }
    /** Broke off: for good, or because somebody ended it. */
    | { type: 'part'; message: Message; isInterrupted: boolean }
    | { type: 'error'; error: RecordedError }
    /** The history was put into a summary, in whichever way. */
    | { type: 'summary'; entry: CompactionEntry; model: string }
}

export interface RecordedError {
  name: string
  code?: string | undefined
  message: string
}

/** What a session asked the model, in its order, as its journal has it. */
export function recordedExchanges(entries: Iterable<Entry>): Exchange[] {
  const fold = createFold()
  const exchanges: Exchange[] = []
  /** The last request's reply has broken off: its turn fails with that, and with no request more. */
  let isBroken = false
  let contexts: string[] = []
  for (const entry of entries) {
    const answer = answerOf(entry, isBroken, fold.state.frozen.model)
    if (answer) {
      const { frozen, messages } = fold.state
      exchanges.push({ request: { ...frozen, messages: [...messages] }, contexts, answer })
      contexts = []
    }
    if (entry.type === 'context' && entry.by === 'beforeTurn') contexts.push(entry.content)
    if (entry.type === 'part' || entry.type === 'reply' || entry.type === 'prompt') isBroken = entry.type === 'part'
    fold.add(entry)
  }
  return exchanges
}

function answerOf(entry: Entry, isBroken: boolean, model: string): Exchange['answer'] | undefined {
  switch (entry.type) {
    case 'reply':
      return { type: 'reply', message: entry.message, requestId: entry.requestId }
    case 'part':
      return { type: 'part', message: entry.message, isInterrupted: entry.why === 'interrupted' }
    case 'mend':
      return { type: 'error', error: { name: 'InvalidRequestError', code: 'invalid_request', message: entry.why } }
    case 'compaction':
      return { type: 'summary', entry, model }
    case 'turn':
      return isBroken ? undefined : failureOf(entry)
    default:
      return undefined
  }
}

/** How the API, or the way to it, fails. */
const failures = new Set([
  'api',
  'invalid_request',
  'authentication',
  'billing',
  'permission_denied',
  'not_found',
  'conflict',
  'request_too_large',
  'rate_limit',
  'server',
  'overloaded',
  'connection',
  'request_timeout',
  'idle_timeout',
  'stream_interrupted',
  'stream_parse',
])

/** A turn that failed because a request did. */
function failureOf({ status, error }: TurnEntry): Exchange['answer'] | undefined {
  return status === 'failed' && error && failures.has(`${error.code}`) ? { type: 'error', error } : undefined
}
