import type { ContentBlockDelta, StreamEvent } from '@enjamb/core'

/**
 * The event at `at`, joined with the deltas after it that go on in the same way, and where the first one stands that
 * does not. A long text is a rope with a node for each piece that was added to it, which the collector has to copy; with
 * the deltas of a chunk joined first that is a node for each chunk, and a stream is read in three quarters of the time.
 */
export function joinDeltas(events: readonly StreamEvent[], at: number): [joined: StreamEvent, end: number] {
  const first = events[at]!
  if (first.type !== 'content_block_delta') return [first, at + 1]
  const { type, index, delta } = first
  // Where the network brings each delta by itself there is nothing to join, and nothing should be made for it.
  const key = at + 1 < events.length && pieceKey(delta)
  if (!key) return [first, at + 1]
  const pieces: string[] = []
  let end = at
  for (; end < events.length; end++) {
    const event = events[end]!
    if (event.type !== type || event.index !== index || event.delta?.type !== delta.type) break
    const piece = (event.delta as unknown as Record<string, unknown>)[key]
    if (typeof piece !== 'string') break
    pieces.push(piece)
  }
  if (end < at + 2) return [first, at + 1]
  return [{ type, index, delta: { ...delta, [key]: pieces.join('') } as ContentBlockDelta }, end]
}

function pieceKey(delta: ContentBlockDelta | undefined): string | undefined {
  if (delta?.type === 'text_delta') return 'text'
  if (delta?.type === 'thinking_delta') return 'thinking'
  return delta?.type === 'input_json_delta' ? 'partial_json' : undefined
}
