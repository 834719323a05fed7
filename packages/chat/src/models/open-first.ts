import type { MessageParam, StreamEvent } from '@enjamb/core'
import type { Chat } from '../chat.ts'
import { replyEvents } from '../reply-events.ts'
import type { ReplyStream } from '../reply-stream.ts'
import type { ChatOptions } from '../request/chat-options.ts'
import type { ChatToolRunEvent } from '../toolset.ts'
import { addRefusal, type Spent } from './fallback-spent.ts'

type SourceEvent = StreamEvent | ChatToolRunEvent

export interface OpenOptions {
  after: (error: unknown) => boolean
  /** Whether to look for a refusal before the first text, too. */
  seeRefusals: boolean
}

/** The stream of the first model that begins to answer; of the last one in any case. */
export async function openFirst(
  chat: Chat,
  input: string | MessageParam[],
  calls: readonly (ChatOptions & { model: string })[],
  { after, seeRefusals }: OpenOptions,
  spent: Spent,
): Promise<ReplyStream> {
  for (const call of calls.slice(0, -1)) {
    const stream = chat.stream(input, call)
    const events = eventsOf(stream)
    try {
      const { held, refused } = await readAhead(events, seeRefusals)
      if (!refused) return replay(stream, held, events)
      addRefusal(spent, await stream.final())
    } catch (error) {
      if (!after(error)) throw error
      spent.declined.push({ model: call.model, reason: 'error', error })
    }
  }
  return chat.stream(input, calls.at(-1))
}

/** The events up to where it shows that there is an answer. */
async function readAhead(
  events: AsyncIterator<SourceEvent>,
  seeRefusals: boolean,
): Promise<{ held: SourceEvent[]; refused: boolean }> {
  const held: SourceEvent[] = []
  for (;;) {
    const { done, value } = await events.next()
    if (done) return { held, refused: false }
    held.push(value)
    const event = 'turn' in value ? value.event : (value as StreamEvent)
    if (!event) continue
    if (event.type === 'message_delta') return { held, refused: event.delta.stop_reason === 'refusal' }
    const shows = event.type === 'content_block_start' && !event.content_block.type.endsWith('thinking')
    if (!seeRefusals || shows) return { held, refused: false }
  }
}

/** The stream again from its start on. */
function replay(stream: ReplyStream, held: readonly SourceEvent[], rest: AsyncGenerator<SourceEvent>): ReplyStream {
  const events = async function* () {
    try {
      yield* held
      yield* rest
    } finally {
      // Also where it is left among those that were held.
      await rest.return(undefined)
    }
  }
  const text = async function* () {
    for await (const event of replyEvents({ source: { [Symbol.asyncIterator]: events } })) {
      if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') yield event.delta.text
    }
  }
  return {
    ...stream,
    source: { [Symbol.asyncIterator]: events },
    text,
    async *[Symbol.asyncIterator]() {
      for await (const piece of text()) yield { text: piece }
    },
  }
}

async function* eventsOf({ source }: ReplyStream): AsyncGenerator<SourceEvent, void> {
  yield* source
}
