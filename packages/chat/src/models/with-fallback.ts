import { ConfigError, checkOptions, isEnjambError, type MessageParam, resolveModel } from '@enjamb/core'
import type { Chat } from '../chat.ts'
import type { ReplyStream } from '../reply-stream.ts'
import type { ChatOptions } from '../request/chat-options.ts'
import { deferStream } from './defer-stream.ts'
import { addRefusal, type FallbackReply, type Spent, withSpent } from './fallback-spent.ts'
import { openFirst } from './open-first.ts'

/** Options of {@link withFallback}. */
export interface FallbackOptions {
  /** The models to ask in turn where the call's own declines or has no room: ids or aliases. */
  models: readonly string[]
  /**
   * Lets the API ask them where a model refuses, in the same request, also in the middle of an answer (a beta,
   * `server-side-fallback-2026-07-01`). Default `true`; `false`, for gateways that know nothing of it, asks them from here:
   * of a stream that has begun to show text, the refusal then stands.
   */
  server?: boolean | undefined
  /** Which errors another model is asked after. Default: `OverloadedError`. */
  after?: ((error: unknown) => boolean) | undefined
}

/** A chat that asks another model where the first gives no answer. */
export interface FallbackChat extends Chat {
  /** The ids of the models that are asked where the call's own gives no answer. */
  readonly fallbacks: readonly string[]
  chat(input: string | MessageParam[], options?: ChatOptions): Promise<FallbackReply>
  stream(input: string | MessageParam[], options?: ChatOptions): FallbackStream
}

/** As it is read; its `source` gives the API's events. */
export interface FallbackStream extends ReplyStream {
  final(): Promise<FallbackReply>
}

const beta = 'server-side-fallback-2026-07-01'

/**
 * A chat whose calls another model answers where the first one refuses or is overloaded (after the retries). The API
 * itself asks the others after a refusal; overload is seen to here. Nothing runs twice: once tools have run, or text was
 * shown, no other model begins anew.
 *
 * `submitBatch` takes no such chat: the API has no fallbacks in batches.
 *
 * @throws {ConfigError} `models` is empty, one is no model, or an option is misspelt
 * @see https://platform.claude.com/docs/en/build-with-claude/refusals-and-fallback
 * @example
 * const chat = withFallback(createChat({ model: 'fable' }), { models: ['opus', 'sonnet'] })
 * const { text, model, declined } = await chat.chat('How do vaccines work?')
 */
export function withFallback(chat: Chat, options: FallbackOptions): FallbackChat {
  checkOptions('withFallback', options, ['models', 'server', 'after'])
  const { models, server = true, after = isOverload } = options
  if (!models?.length) throw new ConfigError('models must be a list of at least one.')
  const others = models.map(resolveModel)

  /** What the call asks of the first is no more than a wish of the others. */
  const fit = (
    input: string | MessageParam[],
    options: ChatOptions,
    model: string,
  ): ChatOptions & { model: string } => {
    const call = { ...options, model }
    try {
      chat.params(input, call)
      return call
    } catch {
      return { ...call, thinking: undefined, effort: undefined, display: undefined }
    }
  }

  /** The options for each model in turn, with those after it for the API to ask. */
  const attempts = (input: string | MessageParam[], options: ChatOptions): (ChatOptions & { model: string })[] => {
    const { model } = chat.params(input, options)
    const calls = [model, ...others.filter((other) => other !== model)].map((own) => fit(input, options, own))
    return calls.map((call, index) => {
      const rest = server ? calls.slice(index + 1) : []
      if (!rest.length) return call
      const fallbacks = rest.map((other) => {
        const { thinking = null, output_config = null } = chat.params(input, other)
        return { model: other.model, thinking, output_config }
      })
      return { ...call, betas: [...(options.betas ?? []), beta], body: { ...options.body, fallbacks } }
    })
  }

  const stream = (input: string | MessageParam[], options: ChatOptions = {}): FallbackStream => {
    const calls = attempts(input, options)
    const spent: Spent = { declined: [], costs: [] }
    return deferStream<FallbackReply>(
      () => openFirst(chat, input, calls, { after, seeRefusals: !server }, spent),
      (reply) => withSpent(reply, spent),
    )
  }
  return {
    ...chat,
    fallbacks: others,
    stream,
    async chat(input, options = {}) {
      // A run of tools streams, and is begun anew only where it has not begun.
      if (options.tools) return stream(input, options).final()
      const spent: Spent = { declined: [], costs: [] }
      const calls = attempts(input, options)
      for (const [index, call] of calls.entries()) {
        const isLast = index === calls.length - 1
        try {
          const reply = await chat.chat(input, call)
          if (reply.stopReason !== 'refusal' || isLast) return withSpent(reply, spent)
          addRefusal(spent, reply)
        } catch (error) {
          if (isLast || !after(error)) throw error
          spent.declined.push({ model: call.model, reason: 'error', error })
        }
      }
      throw new ConfigError('models must be a list of at least one.')
    },
    collect: async (input, options) => (await stream(input, options).final()).text,
  }
}

function isOverload(error: unknown): boolean {
  return isEnjambError(error) && error.code === 'overloaded'
}
