import type { Message, MessageParams } from '@enjamb/core'
import { ConnectionReset } from '../connection-reset.ts'
import { errorBody } from '../error-response.ts'
import type { OpenExchange } from '../http/exchange.ts'
import { redactedHeaders } from '../http/recorded-request.ts'
import { messageOfTurn, type PromptUsage } from '../message/message-of-turn.ts'
import type { Rejection } from '../rejection.ts'
import type { TurnSpec } from '../script/turn.ts'
import { sleep } from '../sleep.ts'
import { type BodyPart, bodyOf } from '../stream/body-part.ts'
import { withByteFaults } from '../stream/byte-faults.ts'
import { eventParts } from '../stream/event-parts.ts'
import { messageEvents } from '../stream/message-events.ts'
import { validateRequest } from '../validation/validate-request.ts'
import { errorOfTurn } from './error-of-turn.ts'

const eventStream = 'text/event-stream; charset=utf-8'

/** `POST /v1/messages`: the script's next turn, whole or as a stream. */
export async function messagesRoute(exchange: OpenExchange): Promise<Response> {
  const { request, body, state } = exchange
  const whole = state.threads.expand(body)
  const { params, model } = validateRequest(whole, request.headers, 'messages', state.options.models)
  const cached = state.cache.plan(model.id, params)
  state.limiter.admit(cached.usage.input_tokens + (cached.usage.cache_creation_input_tokens ?? 0))
  const turn = await state.player.play(params, redactedHeaders(request.headers))
  if (turn.delayMs) await sleep(turn.delayMs, request.signal)
  if (turn.reset) throw new ConnectionReset()
  if (turn.raw !== undefined) return respond([bytesOf(turn.raw)], params.stream, turn, exchange)
  const error = turn.error === undefined ? undefined : errorOfTurn(turn.error)
  const afterEvents = typeof turn.error === 'object' && params.stream ? turn.error.afterEvents : undefined
  if (error && afterEvents === undefined) throw error
  const message = answerOf(turn, params, { model: model.id, promptUsage: cached.usage }, exchange)
  cached.commit()
  const parts = params.stream
    ? streamParts(message, turn, exchange, error && { error, afterEvents: afterEvents ?? 0 })
    : wholeParts(message, turn)
  return respond(parts, params.stream, turn, exchange)
}

/** The answer, with what it leaves behind: it is billed, counted against the limits, and held as a thread. */
function answerOf(
  turn: TurnSpec,
  params: MessageParams,
  known: { model: string; promptUsage: PromptUsage },
  { newId, requestId, state }: OpenExchange,
): Message {
  const message = messageOfTurn(turn, params, { ...known, newId })
  state.limiter.spendOutput(message.usage.output_tokens)
  state.books.enter(requestId, message)
  state.threads.hold(params, message)
  return message
}

function streamParts(
  message: Message,
  faults: TurnSpec,
  { randomFor, requestId, state }: OpenExchange,
  failure: { error: Rejection; afterEvents: number } | undefined,
): Iterable<BodyPart> {
  return eventParts(messageEvents(message, randomFor('pieces')), {
    faults,
    random: randomFor('frames'),
    padding: state.options.padding,
    failure: failure && { body: errorBody(failure.error, requestId), afterEvents: failure.afterEvents },
  })
}

function* wholeParts(
  message: Message,
  { cutAfterEvents, stallAfterEvents, stallMs = Infinity }: TurnSpec,
): Generator<BodyPart> {
  const bytes = bytesOf(JSON.stringify(message))
  const half = Math.floor(bytes.length / 2)
  yield bytes.subarray(0, half)
  if (stallAfterEvents !== undefined) yield { waitMs: stallMs }
  if (cutAfterEvents !== undefined) return yield 'cut'
  yield bytes.subarray(half)
}

function respond(
  parts: Iterable<BodyPart>,
  streamed: boolean | undefined,
  turn: TurnSpec,
  { headers, request, state }: OpenExchange,
): Response {
  return new Response(bodyOf(withByteFaults(parts, turn), request.signal), {
    status: turn.raw === undefined ? 200 : (turn.status ?? 200),
    headers: {
      ...headers,
      ...state.limiter.headers(),
      'content-type': streamed ? eventStream : 'application/json',
      'cache-control': 'no-cache',
      ...turn.headers,
    },
  })
}

function bytesOf(body: string | Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return typeof body === 'string' ? new TextEncoder().encode(body) : body.slice()
}
