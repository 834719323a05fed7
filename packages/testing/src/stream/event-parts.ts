import type { ErrorBody, StreamEvent } from '@enjamb/core'
import type { Random } from '../random/create-random.ts'
import type { TurnFaults } from '../script/turn-faults.ts'
import type { BodyPart } from './body-part.ts'
import { encodeEvent } from './encode-event.ts'

export interface EventPartsOptions {
  faults: TurnFaults
  random: Random
  padding: boolean
  /** An `error` event that ends the stream. */
  failure?: { body: ErrorBody; afterEvents: number } | undefined
}

/** A stream's frames, with the waits, the silence and the cut that come between events. */
export function* eventParts(events: Iterable<StreamEvent>, options: EventPartsOptions): Generator<BodyPart> {
  const { faults, random, padding, failure } = options
  const { cutAfterEvents, stallAfterEvents, stallMs = Infinity } = faults
  // Only a count from the end needs to know where that is.
  const isFromEnd = [cutAfterEvents, stallAfterEvents, failure?.afterEvents].some((count) => (count ?? 0) < 0)
  const list = isFromEnd ? [...events] : events
  const place = (count: number | undefined) =>
    count !== undefined && count < 0 ? Math.max(0, (list as StreamEvent[]).length + count) : count
  const [cutAt, stallAt, failAt] = [place(cutAfterEvents), place(stallAfterEvents), place(failure?.afterEvents)]
  let sent = 0
  for (const event of list) {
    if (sent === stallAt) yield { waitMs: stallMs }
    if (sent === failAt) break
    if (sent === cutAt) return yield { cut: true }
    const waitMs = waitOf(event, faults, random)
    if (waitMs > 0) yield { waitMs }
    yield encodeEvent(event, padding ? random : undefined)
    sent++
  }
  if (failure) yield encodeEvent(failure.body, undefined)
  else if (cutAt !== undefined) yield { cut: true }
}

function waitOf(
  event: StreamEvent,
  { eventDelayMs = 0, tokensPerSecond, jitter = 0 }: TurnFaults,
  random: Random,
): number {
  const written = event.type === 'content_block_delta' ? Object.values(event.delta).join('').length / 4 : 0
  const waitMs = eventDelayMs + (tokensPerSecond === undefined ? 0 : (written * 1000) / tokensPerSecond)
  return jitter === 0 ? waitMs : waitMs * (1 + jitter * (2 * random() - 1))
}
