import type { ContentBlockDelta, StreamEvent } from '@enjamb/core'
import type { TurnFaults } from '../script/turn-faults.ts'

/** A stream with events in it that say nothing, as the API sends them now and then. */
export function* withOddEvents(events: Iterable<StreamEvent>, faults: TurnFaults): Generator<StreamEvent> {
  const { pingEveryEvents = Infinity, emptyDeltas = false } = faults
  let sent = 0
  for (const event of events) {
    const empty = emptyDeltas && event.type === 'content_block_delta' ? emptied(event.delta) : undefined
    if (empty && event.type === 'content_block_delta') yield { ...event, delta: empty }
    yield event
    if (++sent % pingEveryEvents === 0) yield { type: 'ping' }
  }
}

/** `undefined` for a delta that comes once, whole. */
function emptied(delta: ContentBlockDelta): ContentBlockDelta | undefined {
  switch (delta.type) {
    case 'text_delta':
      return { ...delta, text: '' }
    case 'input_json_delta':
      return { ...delta, partial_json: '' }
    case 'thinking_delta':
      return { ...delta, thinking: '' }
    default:
      return undefined
  }
}
