import type { Message, MessageParams } from '@enjamb/core'
import { errorBody } from '../error-response.ts'
import { messageOfType, statusOfType, typeOfStatus } from '../error-type.ts'
import type { OpenExchange } from '../http/exchange.ts'
import { redactedHeaders } from '../http/recorded-request.ts'
import { messageOfTurn, type PromptUsage } from '../message/message-of-turn.ts'
import { Rejection } from '../rejection.ts'
import type { TurnError, TurnSpec } from '../script/turn.ts'
import { sleep } from '../sleep.ts'
import { encodeEvent } from '../stream/encode-event.ts'
import { type BodyFaults, faultyBody } from '../stream/faulty-body.ts'
import { messageEvents } from '../stream/message-events.ts'
import { validateRequest } from '../validation/validate-request.ts'

/** `POST /v1/messages`: the script's next turn, whole or as a stream. */
export async function messagesRoute(exchange: OpenExchange): Promise<Response> {
  const { request, body, state } = exchange
  const { params, model } = validateRequest(
    state.threads.expand(body),
    request.headers,
    'messages',
    state.options.models,
  )
  const cached = state.cache.plan(model.id, params)
  state.limiter.admit(cached.usage.input_tokens + (cached.usage.cache_creation_input_tokens ?? 0))
  const turn = await state.player.play(params, redactedHeaders(request.headers))
  if (turn.delayMs) await sleep(turn.delayMs, request.signal)
  const error = turn.error === undefined ? undefined : rejectionOf(turn.error)
  const errorAfter = typeof turn.error === 'object' && params.stream ? turn.error.afterEvents : undefined
  if (error && errorAfter === undefined) throw error
  const message = answerOf(turn, params, { model: model.id, promptUsage: cached.usage }, exchange)
  cached.commit()
  if (!params.stream) return wholeResponse(message, turn, exchange)
  const chunks = frames(message, exchange, error && { error, after: errorAfter ?? 0 })
  return respond(chunks, 'text/event-stream; charset=utf-8', turn, streamFaults(turn), exchange)
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

function wholeResponse(message: Message, turn: TurnSpec, exchange: OpenExchange): Response {
  const bytes = new TextEncoder().encode(JSON.stringify(message))
  const half = turn.cutAfterEvents === undefined ? undefined : Math.floor(bytes.length / 2)
  return respond([bytes].values(), 'application/json', turn, { cutAfterBytes: turn.cutAfterBytes ?? half }, exchange)
}

function respond(
  chunks: Iterator<Uint8Array>,
  contentType: string,
  turn: TurnSpec,
  faults: BodyFaults,
  { headers, request, state }: OpenExchange,
): Response {
  return new Response(faultyBody(chunks, faults, request.signal), {
    headers: {
      ...headers,
      ...state.limiter.headers(),
      'content-type': contentType,
      'cache-control': 'no-cache',
      ...turn.headers,
    },
  })
}

function streamFaults({ eventDelayMs, cutAfterEvents, cutAfterBytes }: TurnSpec): BodyFaults {
  return { chunkDelayMs: eventDelayMs, cutAfterChunks: cutAfterEvents, cutAfterBytes }
}

function* frames(
  message: Message,
  { random, requestId, state }: OpenExchange,
  failure: { error: Rejection; after: number } | undefined,
): Generator<Uint8Array> {
  const padding = state.options.padding ? random : undefined
  let sent = 0
  for (const event of messageEvents(message, random)) {
    if (sent++ === failure?.after) break
    yield encodeEvent(event, padding)
  }
  if (failure) yield encodeEvent(errorBody(failure.error, requestId), undefined)
}

function rejectionOf(error: number | TurnError): Rejection {
  const { status, type, message, headers, details } =
    typeof error === 'number' ? ({ status: error } as TurnError) : error
  const itsStatus = status ?? (type === undefined ? 500 : statusOfType(type))
  const itsType = type ?? typeOfStatus(itsStatus)
  return new Rejection(message ?? messageOfType(itsType), { status: itsStatus, type: itsType, headers, details })
}
