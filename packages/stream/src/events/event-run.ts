import type { ContentBlockDelta, ContentBlockDeltaEvent, StreamEvent } from '@enjamb/core'

/**
 * An event, or several deltas that came one after the other and go on with the same thing. A long text is a rope with a
 * node for each piece that was added to it, which the collector has to copy: with the deltas of a chunk joined that is a
 * node for each chunk, and a stream is read in three quarters of the time.
 */
export interface EventRun {
  /** The event, or the one delta that all of them come to. */
  readonly event: StreamEvent
  /** What each of several deltas adds. */
  readonly pieces: readonly string[] | undefined
}

/** Where the deltas that only add to what there is have what they add. */
export const pieceKeys: Record<string, string> = {
  text_delta: 'text',
  thinking_delta: 'thinking',
  input_json_delta: 'partial_json',
}

/** What an event adds, where it is a delta that only adds to what there is. */
export function pieceOf(event: StreamEvent): string | undefined {
  const delta = event.type === 'content_block_delta' ? (event.delta as unknown as Record<string, unknown>) : undefined
  const piece = delta?.[pieceKeys[delta.type as string]!]
  return typeof piece === 'string' ? piece : undefined
}

/** The same delta with something else to add. */
export function withPiece(event: ContentBlockDeltaEvent, piece: string): ContentBlockDeltaEvent {
  // Assigned, as a computed key beside a spread takes several times as long.
  const delta: Record<string, unknown> = { ...event.delta }
  delta[pieceKeys[event.delta.type]!] = piece
  return { ...event, delta: delta as unknown as ContentBlockDelta }
}

/** The events of these runs, each by itself. */
export function eventsOf(runs: readonly EventRun[]): StreamEvent[] {
  return runs.flatMap(
    ({ event, pieces }) => pieces?.map((piece) => withPiece(event as ContentBlockDeltaEvent, piece)) ?? event,
  )
}

/** What these runs add to the text, piece by piece. */
export function textsOf(runs: readonly EventRun[]): string[] {
  return runs.flatMap(({ event, pieces }) =>
    'delta' in event && Object(event.delta).type === 'text_delta' ? (pieces ?? pieceOf(event) ?? []) : [],
  )
}
