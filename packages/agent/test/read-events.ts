import { isDeepStrictEqual } from 'node:util'
import type { SessionEvent } from '../src/index.ts'

/** Reads until an event, which is the last. */
export async function readUntil(
  events: AsyncIterable<SessionEvent>,
  isLast: (event: SessionEvent, n: number) => boolean,
): Promise<SessionEvent[]> {
  const read: SessionEvent[] = []
  for await (const event of events) {
    read.push(event)
    if (isLast(event, read.length)) break
  }
  return read
}

export const isEnd = ({ type }: SessionEvent): boolean => type === 'turn_end'

/** Whether a text has been shown; it may come from one event to the next, or in one. */
export function hasShown(text: string): (event: SessionEvent) => boolean {
  let shown = ''
  return (event) => {
    if (event.type === 'text') shown += event.text
    return shown === text
  }
}

export function textOf(events: readonly SessionEvent[]): string {
  return events.map((event) => (event.type === 'text' ? event.text : '')).join('')
}

/** Without their position, which says too how much of a reply was shown before them. */
export function factsOf(events: readonly SessionEvent[]) {
  return events.filter(({ seq }) => seq !== undefined).map(({ position: _, ...fact }) => fact)
}

/** What of a reply was told before it came whole and is not how it begins; nothing where all is well. */
export function wrongPieces(events: readonly SessionEvent[]): string[] {
  let shown = ''
  const inputs = new Map<string, string>()
  return events.flatMap((event) => {
    if (event.type === 'text') shown += event.text
    if (event.type === 'tool_input') inputs.set(event.id, (inputs.get(event.id) ?? '') + event.json)
    if (event.type === 'tool_call') {
      const json = inputs.get(event.id)
      return json === undefined || isDeepStrictEqual(JSON.parse(json || '{}'), event.input) ? [] : [json]
    }
    if (event.type !== 'reply') return []
    const pieces = shown
    shown = ''
    const text = event.message.content.map((block) => (block.type === 'text' ? block.text : '')).join('')
    return text.startsWith(pieces) ? [] : [pieces]
  })
}
