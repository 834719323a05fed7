import type { Message } from '@enjamb/core'
import { errorBody } from '../http/error-response.ts'
import type { OutgoingResponse } from '../http/outgoing-response.ts'
import type { TurnFaults } from '../script/turn-faults.ts'
import type { BodyPart } from '../stream/body-part.ts'
import { eventParts } from '../stream/event-parts.ts'
import { messageEvents } from '../stream/message-events.ts'
import { withByteFaults } from '../stream/with-byte-faults.ts'
import { withOddEvents } from '../stream/with-odd-events.ts'
import type { OpenExchange } from './exchange.ts'
import { replyTo, type TurnReply } from './reply-to.ts'

/** The faults that take a whole body apart. */
const breaksBody = ['stallAfterEvents', 'cutAfterEvents', 'corruptAtByte', 'chunkBytes', 'cutAfterBytes'] as const

const eventStream = 'text/event-stream; charset=utf-8'

/** `POST /v1/messages`: the script's next turn, whole or as a stream. */
export async function messagesRoute(exchange: OpenExchange): Promise<OutgoingResponse> {
  const { body, headers, state } = exchange
  const reply = await replyTo(body, exchange, 'standard')
  const { turn, stream } = reply
  return {
    status: turn.raw === undefined ? 200 : (turn.status ?? 200),
    headers: {
      ...headers,
      ...state.limiter.headers(),
      'content-type': stream ? eventStream : 'application/json',
      'cache-control': 'no-cache',
      ...turn.headers,
    },
    body: bodyOf(reply, exchange),
  }
}

function bodyOf(reply: TurnReply, exchange: OpenExchange): OutgoingResponse['body'] {
  const { turn, stream, message } = reply
  const text = message ? (stream ? undefined : JSON.stringify(message)) : (turn.raw ?? '')
  if (text !== undefined && !breaksBody.some((fault) => turn[fault] !== undefined)) return text
  const parts = text === undefined ? streamParts(reply, exchange) : wholeParts(bytesOf(text), message ? turn : {})
  return withByteFaults(parts, turn)
}

function streamParts({ turn, message, failure }: TurnReply, exchange: OpenExchange): Iterable<BodyPart> {
  const { randomFor, requestId, state } = exchange
  return eventParts(withOddEvents(messageEvents(message as Message, randomFor('pieces')), turn), {
    faults: turn,
    random: randomFor('frames'),
    padding: state.options.padding,
    failure: failure && { body: errorBody(failure.error, requestId), afterEvents: failure.afterEvents },
  })
}

function* wholeParts(bytes: Uint8Array<ArrayBuffer>, faults: TurnFaults): Generator<BodyPart> {
  const { cutAfterEvents, stallAfterEvents, stallMs = Infinity } = faults
  if (stallAfterEvents === undefined && cutAfterEvents === undefined) return yield bytes
  const half = Math.floor(bytes.length / 2)
  yield bytes.subarray(0, half)
  if (stallAfterEvents !== undefined) yield { waitMs: stallMs }
  if (cutAfterEvents !== undefined) return yield { cut: true }
  yield bytes.subarray(half)
}

function bytesOf(body: string | Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return typeof body === 'string' ? new TextEncoder().encode(body) : body.slice()
}
