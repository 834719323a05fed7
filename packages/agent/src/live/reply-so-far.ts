import type { Entry } from '../journal/entry.ts'
import type { AgentEvent } from '../turn/agent-event.ts'

/** What was shown of a reply that is not in the journal yet, for readers that come, or come back, in the middle of it. */
export interface ReplySoFar {
  readonly tag: string
  /** The last fact before it. */
  readonly began: number
  /** Grows by each character that is shown, and by one for each call. */
  readonly length: number
  /** Gives how long it is with this. */
  add(event: AgentEvent): number
  /** What was shown behind this place, pieces of one text joined. */
  since(length: number): Piece[]
}

/** A part of a reply, and where in it that ends. */
export interface Piece {
  event: AgentEvent
  end: number
}

/** Facts that no piece of the reply before may follow: it is whole, or over. */
export function endsReply({ type }: Entry): boolean {
  return type === 'reply' || type === 'part' || type === 'turn'
}

export function createReplySoFar(began: number): ReplySoFar {
  const pieces: Piece[] = []
  const reply = {
    tag: crypto.randomUUID().slice(0, 8),
    began,
    length: 0,
    add(event: AgentEvent) {
      const size = sizeOf(event)
      if (!size) return reply.length
      reply.length += size
      const last = pieces.at(-1)
      const joined = last && join(last.event, event)
      if (joined) {
        last.event = joined
        last.end = reply.length
      } else pieces.push({ event, end: reply.length })
      return reply.length
    },
    since: (length: number) => pieces.filter(({ end }) => end > length).map((piece) => cut(piece, length)),
  }
  return reply
}

/** Two pieces as one; nothing where they are of different texts. */
function join(first: AgentEvent, second: AgentEvent): AgentEvent | undefined {
  if (isInput(first) && isInput(second)) {
    return first.id === second.id ? { ...second, json: first.json + second.json } : undefined
  }
  if (!isText(first) || !isText(second) || first.type !== second.type) return undefined
  return { ...second, text: first.text + second.text }
}

/** What is behind a place. */
function cut({ event, end }: Piece, length: number): Piece {
  const known = length - (end - sizeOf(event))
  if (known > 0 && isText(event)) return { event: { ...event, text: event.text.slice(known) }, end }
  if (known > 0 && isInput(event)) return { event: { ...event, json: event.json.slice(known) }, end }
  return { event, end }
}

function isText(event: AgentEvent): event is Extract<AgentEvent, { text: string }> {
  return event.type === 'text' || event.type === 'thinking'
}

function isInput(event: AgentEvent): event is Extract<AgentEvent, { type: 'tool_input' }> {
  return event.type === 'tool_input'
}

/** Nothing of what is no part of a reply, as the progress of a tool: it is shown to those who are there. */
function sizeOf(event: AgentEvent): number {
  if (isText(event)) return event.text.length
  return isInput(event) ? event.json.length : Number(event.type === 'tool_call')
}
