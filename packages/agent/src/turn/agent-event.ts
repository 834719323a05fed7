import type { Message, ToolUseBlock } from '@enjamb/core'
import type { ToolCallRecord } from '@enjamb/tools'
import type {
  CompactionEntry,
  ContextEntry,
  DecisionEntry,
  Entry,
  MendEntry,
  NoteEntry,
  ParamsEntry,
  PartEntry,
  PendingEntry,
  PromptEntry,
  RewindEntry,
  SpawnEntry,
  TurnEntry,
} from '../journal/entry.ts'

/**
 * What happens in a turn of a session, in order. What has a `seq` is a fact: it stands in the journal at that place, and
 * whoever comes later is told of it, too. What has none is shown as it comes: the pieces of a reply that then comes whole.
 */
export type AgentEvent = Shown | Fact

type Shown = { seq?: undefined; at: string } & (
  | TextEvent
  | ThinkingEvent
  | ToolInputEvent
  | AgentToolCallEvent
  | AgentToolProgressEvent
  | CacheBreakEvent
)

type Fact = { seq: number; at: string } & (
  | PromptEntry
  | ContextEntry
  | ReplyEvent
  | PartEntry
  | ToolStartEvent
  | AgentToolResultEvent
  | WaitingEvent
  | DecisionEntry
  | ParamsEntry
  | MendEntry
  | CompactionEntry
  | RewindEntry
  | SpawnEntry
  | NoteEntry
  | TurnEndEvent
)

/** A piece of the answer. */
export interface TextEvent {
  type: 'text'
  text: string
}

/** A piece of what the model thinks before it answers. */
export interface ThinkingEvent {
  type: 'thinking'
  text: string
}

/**
 * A piece of the input of a call that the model is writing; `createPartialJSON` of `@enjamb/stream` reads what has come so far. The
 * first is empty: the call has begun. The API holds each parameter back until it is whole, unless the tool has
 * `wire: { eager_input_streaming: true }`.
 */
export interface ToolInputEvent {
  type: 'tool_input'
  id: string
  name: string
  json: string
}

/** The model has asked for a tool, and its input is complete. */
export interface AgentToolCallEvent {
  type: 'tool_call'
  id: string
  name: string
  input: unknown
}

/** Something that a tool reports of its work. */
export interface AgentToolProgressEvent {
  type: 'tool_progress'
  id: string
  name: string
  data: unknown
}

/** What the API had cached of the request before is of no use for this one, from `block` on. */
export interface CacheBreakEvent {
  type: 'cache_break'
  block: string
}

/** A reply of the model is complete; another follows where it asked for tools. */
export interface ReplyEvent {
  type: 'reply'
  message: Message
  /** Models that declined before the one that answered, `message.model`. */
  declined?: readonly Declined[] | undefined
}

/** A model that refused, and of what kind its reason was. */
export interface Declined {
  model: string
  category: string | null
}

/** A tool begins. */
export interface ToolStartEvent {
  type: 'tool_start'
  id: string
  name: string
  input: unknown
}

/** A tool has answered, `ms` milliseconds after it began. */
export interface AgentToolResultEvent extends ToolCallRecord {
  type: 'tool_result'
}

/** A call waits for somebody. */
export interface WaitingEvent extends Pending {
  type: 'waiting'
}

/** The turn has ended, in this way. */
export interface TurnEndEvent extends Omit<TurnEntry, 'type'> {
  type: 'turn_end'
}

/** A call that waits for somebody, before it is made or in place of it. */
export interface Pending {
  /** Of the call. */
  id: string
  name: string
  input: unknown
  /** Of the name and input that are shown: give it back with the decision, so that it is about nothing else. */
  hash: string
  /** Whether the tool may run; what to answer; what a tool without `run` gives. */
  kind: PendingEntry['kind']
  data?: unknown
  /** Of the sub-agent whose call it is; it is decided about here all the same. */
  session?: string | undefined
}

export function toPending({ id, call, kind, data, hash, session }: PendingEntry): Pending {
  const more = { ...(data !== undefined && { data }), ...(session !== undefined && { session }) }
  return { id, name: call.name, input: call.input, hash, kind, ...more }
}

/** Makes events of entries, in their order; a result is told with the call that it answers. */
export function eventsOf(): (entry: Entry) => AgentEvent | undefined {
  const calls = new Map<string, Pick<ToolUseBlock, 'name' | 'input'>>()
  return (entry) => {
    const { v: _, ...fact } = entry
    const { seq, at } = entry
    switch (fact.type) {
      case 'reply': {
        for (const block of fact.message.content) if (block.type === 'tool_use') calls.set(block.id, block)
        const declined = declinedIn(fact.message)
        return { type: 'reply', seq, at, message: fact.message, ...(declined.length && { declined }) }
      }
      case 'intent': {
        const { id, name, input } = fact.call
        calls.set(id, fact.call)
        return { type: 'tool_start', seq, at, id, name, input }
      }
      case 'result': {
        const { id, content, isError, ms } = fact
        const { name = '', input } = calls.get(id) ?? {}
        calls.delete(id)
        return { type: 'tool_result', seq, at, id, name, input, result: content, isError, ms }
      }
      case 'pending':
        return { type: 'waiting', seq, at, ...toPending(fact) }
      case 'turn':
        return { ...fact, type: 'turn_end' }
      case 'session':
      case 'checkpoint':
      case 'spent':
      case 'reserved':
      case 'task':
      case 'settled':
        return undefined
      case 'prompt':
      case 'context':
      case 'part':
      case 'decision':
      case 'params':
      case 'mend':
      case 'compaction':
      case 'rewind':
      case 'spawn':
      case 'note':
        return fact
      default:
        // Of a later release.
        return undefined
    }
  }
}

/** Each stands where one model's words end and those of the next one begin. */
function declinedIn({ content }: Message): Declined[] {
  return content.flatMap((block) => {
    if ((block.type as string) !== 'fallback') return []
    const { from, trigger } = block as unknown as { from: { model: string }; trigger?: { category?: string | null } }
    return { model: from.model, category: trigger?.category ?? null }
  })
}
