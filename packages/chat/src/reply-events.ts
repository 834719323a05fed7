import type { StreamEvent } from '@enjamb/core'
import type { ReplyStream } from './reply-stream.ts'

/**
 * The API's events under a reply, as they arrive; where tools run, those of one answer after the other. It is read in
 * place of the reply's text.
 */
export async function* replyEvents(stream: Pick<ReplyStream, 'source'>): AsyncGenerator<StreamEvent, void> {
  for await (const event of stream.source) {
    if (!('turn' in event)) yield event as StreamEvent
    else if (event.event) yield event.event
  }
}
