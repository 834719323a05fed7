import type { Message, MessageParams } from '@enjamb/core'
import { ConnectionReset } from '../errors/connection-reset.ts'
import type { Rejection } from '../errors/rejection.ts'
import { type MessageContext, messageOfTurn } from '../message/message-of-turn.ts'
import type { TurnSpec } from '../script/turn.ts'
import { sleep } from '../stream/sleep.ts'
import { validateRequest } from '../validation/validate-request.ts'
import { errorOfTurn } from './error-of-turn.ts'
import type { OpenExchange } from './exchange.ts'
import { knownBy } from './known-by.ts'

/** What the mock has to say to a request, before it is put into a response. */
export interface TurnReply {
  turn: TurnSpec
  stream: boolean
  /** `undefined` where the turn is a raw body. */
  message: Message | undefined
  /** An error to send amid the events of the stream. */
  failure: { error: Rejection; afterEvents: number } | undefined
}

/**
 * Plays the next turn for a request, with all that an answer leaves behind.
 *
 * @throws {Rejection} where the request is refused, or the turn is an error
 * @throws {ConnectionReset}
 */
export async function replyTo(
  body: Record<string, unknown>,
  exchange: OpenExchange,
  tier: 'standard' | 'batch',
): Promise<TurnReply> {
  const { request, record, state } = exchange
  const whole = state.threads.expand(body)
  const { params, model, segments } = await validateRequest(whole, request.headers, 'messages', knownBy(state))
  const cached = state.cache.plan(model.id, segments)
  const { input_tokens, cache_creation_input_tokens } = cached.usage
  if (tier === 'standard') state.limiter.admit(input_tokens + (cache_creation_input_tokens ?? 0))
  const turn = await state.player.play(params, record.headers)
  if (turn.delayMs) await sleep(turn.delayMs, request.signal)
  if (turn.reset) throw new ConnectionReset()
  const stream = params.stream ?? false
  if (turn.raw !== undefined) return { turn, stream, message: undefined, failure: undefined }
  const error = turn.error === undefined ? undefined : errorOfTurn(turn.error)
  const afterEvents = typeof turn.error === 'object' && stream ? turn.error.afterEvents : undefined
  if (error && afterEvents === undefined) throw error
  cached.commit()
  const message = answerOf(turn, params, { model: model.id, promptUsage: cached.usage, tier }, exchange)
  return { turn, stream, message, failure: error && { error, afterEvents: afterEvents ?? 0 } }
}

/** The answer, with what it leaves behind: it is billed, counted against the limits, and held as a thread. */
function answerOf(
  turn: TurnSpec,
  params: MessageParams,
  known: Omit<MessageContext, 'newId' | 'version'>,
  { newId, request, requestId, state }: OpenExchange,
): Message {
  const message = messageOfTurn(turn, params, {
    ...known,
    newId,
    version: request.headers['anthropic-version'] ?? '',
  })
  if (known.tier === 'standard') state.limiter.spendOutput(message.usage.output_tokens)
  state.books.enter(requestId, message)
  state.threads.hold(params, message)
  return message
}
