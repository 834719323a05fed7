import type { Message, MessageParams } from '@enjamb/core'
import { ConnectionReset } from '../errors/connection-reset.ts'
import type { Rejection } from '../errors/rejection.ts'
import { type MessageContext, messageOfTurn } from '../message/message-of-turn.ts'
import type { TurnSpec } from '../script/turn.ts'
import { sleep } from '../stream/sleep.ts'
import { checkBatched } from '../validation/rules/check-limits.ts'
import type { DroppedThinking } from '../validation/rules/check-thinking-blocks.ts'
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
  const { params, model, segments, dropped } = await validateRequest(whole, request.headers, 'messages', knownBy(state))
  if (tier === 'batch') checkBatched(params)
  const { minCacheableTokens = model.cacheMinimumTokens } = state.options
  const cached = state.cache.plan(model.id, segments, minCacheableTokens)
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
  const { speed = null, inference_geo: geo = null } = params
  const answer = answerOf(turn, params, { model, promptUsage: cached.usage, tier, speed, geo }, exchange)
  const message = dropped.length > 0 ? { ...answer, input_transformations: dropped.map(transformationOf) } : answer
  return { turn, stream, message, failure: error && { error, afterEvents: afterEvents ?? 0 } }
}

/** How the API says that it left a block out. */
function transformationOf({ message, block }: DroppedThinking): object {
  return { type: 'thinking_dropped', path: `messages.${message}.content.${block}`, reason: 'prefix_binding_mismatch' }
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
