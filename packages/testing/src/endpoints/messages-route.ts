import type { Message } from '@enjamb/core'
import { errorBody } from '../errors/error-response.ts'
import type { TurnFaults } from '../script/turn-faults.ts'
import { type BodyPart, bodyOf } from '../stream/body-part.ts'
import { eventParts } from '../stream/event-parts.ts'
import { messageEvents } from '../stream/message-events.ts'
import { withByteFaults } from '../stream/with-byte-faults.ts'
import { withOddEvents } from '../stream/with-odd-events.ts'
import type { OpenExchange } from './exchange.ts'
import { replyTo, type TurnReply } from './reply-to.ts'

const eventStream = 'text/event-stream; charset=utf-8'

/** `POST /v1/messages`: the script's next turn, whole or as a stream. */
export async function messagesRoute(exchange: OpenExchange): Promise<Response> {
  const { body, headers, request, state } = exchange
  const reply = await replyTo(body, exchange, 'standard')
  const { turn, stream } = reply
  return new Response(bodyOf(withByteFaults(partsOf(reply, exchange), turn), request.signal), {
    status: turn.raw === undefined ? 200 : (turn.status ?? 200),
    headers: {
      ...headers,
      ...state.limiter.headers(),
      'content-type': stream ? eventStream : 'application/json',
      'cache-control': 'no-cache',
      ...turn.headers,
    },
  })
}

function partsOf({ turn, stream, message, failure }: TurnReply, exchange: OpenExchange): Iterable<BodyPart> {
  const { randomFor, requestId, state } = exchange
  if (!message) return [bytesOf(turn.raw ?? '')]
  if (!stream) return wholeParts(message, turn)
  return eventParts(withOddEvents(messageEvents(message, randomFor('pieces')), turn), {
    faults: turn,
    random: randomFor('frames'),
    padding: state.options.padding,
    failure: failure && { body: errorBody(failure.error, requestId), afterEvents: failure.afterEvents },
  })
}

function* wholeParts(message: Message, faults: TurnFaults): Generator<BodyPart> {
  const { cutAfterEvents, stallAfterEvents, stallMs = Infinity } = faults
  const bytes = bytesOf(JSON.stringify(message))
  const half = Math.floor(bytes.length / 2)
  yield bytes.subarray(0, half)
  if (stallAfterEvents !== undefined) yield { waitMs: stallMs }
  if (cutAfterEvents !== undefined) return yield 'cut'
  yield bytes.subarray(half)
}

function bytesOf(body: string | Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return typeof body === 'string' ? new TextEncoder().encode(body) : body.slice()
}
