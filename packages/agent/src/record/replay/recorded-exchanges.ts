import type { ContentBlock, Message, MessageParams, Usage } from '@enjamb/core'
import { openCalls } from '@enjamb/tools'
import { endOfReply } from '../../journal/end-of-reply.ts'
import type { Entry, EntryBody, PartEntry, TurnEntry } from '../../journal/entry.ts'
import type { ErrorFacts } from '../../journal/error-facts.ts'
import { createFold, type JournalState } from '../../journal/fold.ts'
import { type RecordedCall, recordedCalls } from './recorded-calls.ts'

/** A request that a session made, and what came of it. */
export interface Exchange {
  /** Of the entry that has the answer. */
  seq: number
  request: MessageParams
  /** What hooks added just before it. */
  contexts: string[]
  answer:
    | { type: 'reply'; message: Message; requestId: string | undefined }
    /** Broke off: for good, because somebody ended it, or because of what whoever listened to its text has thrown. */
    | { type: 'part'; message: Message; isInterrupted: boolean; thrown?: ErrorFacts }
    | { type: 'error'; error: ErrorFacts }
    /** Somebody ended it before there was anything. */
    | { type: 'nothing' }
    /** The history was put into a summary, in whichever way: all of it within a turn, what stood before the turn, or all of it between turns. */
    | { type: 'summary'; summary: string; usage?: Usage | undefined; model: string; of: 'turn' | 'past' | 'rest' }
  /** What became of the calls in it, by their ids. */
  calls: ReadonlyMap<string, RecordedCall>
}

/** What tells whether the last reply is broken off: a failed turn may be taken up without a prompt. */
const tellsOfBreaks = new Set<Entry['type']>(['part', 'reply', 'prompt', 'turn'])

/** What a session asked the model, in its order, as its journal has it. */
export function recordedExchanges(entries: Iterable<Entry>): Exchange[] {
  const fold = createFold()
  const exchanges: Exchange[] = []
  const calls = recordedCalls()
  /** The last request's reply has broken off: its turn fails with that, and with no request more. */
  let isBroken = false
  let contexts: string[] = []
  for (const entry of entries) {
    const isLeft = entry.type === 'turn' && entry.status === 'interrupted' && contexts.length > 0
    const answer = isLeft ? ({ type: 'nothing' } as const) : answerOf(entry, isBroken, fold.state)
    const own = calls.read(entry)
    if (entry.type === 'turn' && isBroken) blame(exchanges.at(-1), entry)
    if (answer) {
      const { frozen, messages } = fold.state
      const request = { ...frozen, messages: [...messages] }
      exchanges.push({ seq: entry.seq, request, contexts, answer, calls: own ?? new Map() })
    }
    if (answer || entry.type === 'turn') contexts = []
    if (entry.type === 'context' && entry.by === 'beforeTurn') contexts.push(entry.content)
    if (tellsOfBreaks.has(entry.type)) isBroken = entry.type === 'part'
    fold.add(entry)
  }
  return exchanges
}

function answerOf(entry: Entry, isBroken: boolean, state: JournalState): Exchange['answer'] | undefined {
  switch (entry.type) {
    case 'reply':
      return { type: 'reply', message: entry.message, requestId: entry.requestId }
    case 'part':
      return { type: 'part', message: ownPart(entry, state), isInterrupted: entry.why === 'interrupted' }
    case 'mend':
      return { type: 'error', error: { name: 'InvalidRequestError', code: 'invalid_request', message: entry.why } }
    case 'compaction': {
      const { summary, usage, upTo } = entry
      return { type: 'summary', summary, usage, model: state.frozen.model, of: whatOf(upTo, state) }
    }
    case 'spent':
      // One that came to nothing.
      if (!isLostSummary(entry)) return undefined
      return { type: 'summary', summary: '', usage: entry.usage, model: entry.model, of: whatOf(state.lastSeq, state) }
    case 'turn':
      return isBroken ? undefined : failureOf(entry, state)
    default:
      return undefined
  }
}

/** The part of a message that continued a paused one has that one in it, where it was kept. */
function ownPart({ message, kept }: PartEntry, { messages }: JournalState): Message {
  const paused = messages.at(-1)
  if (!kept || paused?.role !== 'assistant') return message
  // Less of it, where a call of the API's own in it was left open.
  const before = Array.isArray(paused.content) ? paused.content : []
  const own = message.content.findIndex((block, index) => JSON.stringify(block) !== JSON.stringify(before[index]))
  return { ...message, content: own < 0 ? [leftOut] : message.content.slice(own) }
}

/** There was something, or there were no part; the history has nothing of it. */
const leftOut: ContentBlock = {
  type: 'server_tool_use',
  id: 'srvtoolu_none',
  name: 'web_search',
  input: {},
  caller: { type: 'direct' },
}

/** What it cost was spent for a summary that failed. */
export function isLostSummary(entry: EntryBody): boolean {
  return entry.type === 'spent' && entry.id === 'compaction'
}

function whatOf(upTo: number, { turn }: JournalState): 'turn' | 'past' | 'rest' {
  if (!turn || (turn.status && turn.status !== 'waiting') || (turn.reply && endOfReply(turn.reply))) return 'rest'
  return upTo < turn.seq ? 'past' : 'turn'
}

/** What broke a reply off is an error of ours, with a code, unless whoever listened to it has thrown something. */
function blame(exchange: Exchange | undefined, { status, error }: TurnEntry): void {
  if (exchange?.answer.type !== 'part' || status !== 'failed' || !error || error.code !== undefined) return
  exchange.answer.thrown = error
}

/** A turn that failed where a request was due: because of it, or just before it. */
function failureOf({ status, error }: TurnEntry, state: JournalState): Exchange['answer'] | undefined {
  const { turn, messages } = state
  const isDue = turn && !openCalls(messages).length && !(turn.reply && endOfReply(turn.reply))
  if (!isDue || !error || (status !== 'failed' && status !== 'over_budget')) return undefined
  return { type: 'error', error }
}
