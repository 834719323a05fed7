import { checkOptions, chooseModel, type MessageParam, type ModelChoice, type SelectModelOptions } from '@enjamb/core'
import type { Chat } from '../chat.ts'
import type { Reply } from '../reply.ts'
import type { ReplyStream } from '../reply-stream.ts'
import type { ChatOptions } from '../request/chat-options.ts'
import { deferStream } from './defer-stream.ts'

/** Options of {@link withAuto}. */
export interface AutoOptions {
  /**
   * What may still be spent, in US dollars: where it is little, a cheaper model answers. A usage meter knows it, of the
   * call's `project`; or a function. Default: no limit.
   */
  remaining?:
    | RemainingBudget
    | ((project: string | undefined) => number | undefined | Promise<number | undefined>)
    | undefined
  /** Chooses in place of `chooseModel`. */
  choose?: ((input: string | readonly MessageParam[], options: SelectModelOptions) => ModelChoice) | undefined
}

/** What of a usage meter is asked. */
export interface RemainingBudget {
  stats(query: { project?: string | undefined }): Promise<{ remaining: number | undefined }>
}

/** A reply, with the model that was chosen for it, and why; `undefined` where the call named one. */
export interface AutoReply extends Reply {
  choice: ModelChoice | undefined
}

/** A chat that chooses the model of each call that names none, or `auto`. */
export interface AutoChat extends Chat {
  chat(input: string | MessageParam[], options?: ChatOptions): Promise<AutoReply>
  stream(input: string | MessageParam[], options?: ChatOptions): AutoStream
}

/** As it is read; its `source` gives the API's events. */
export interface AutoStream extends ReplyStream {
  final(): Promise<AutoReply>
}

/**
 * A chat whose calls need name no model: for each the rule of `chooseModel` takes Haiku, Sonnet or Opus, by the prompt and
 * by what is left of a budget, and the reply says which and why. A conversation that goes on changes no model for what
 * was said before, if it is kept by `conversation`, or sent with the `model` of its first reply: a change of the model
 * costs the prompt's cache.
 *
 * @throws {ConfigError} an option is misspelt
 * @example
 * const meter = createUsageMeter({ budgets: { default: { usd: 5 } } })
 * const chat = withAuto(createChat({ middleware: [meter.middleware] }), { remaining: meter })
 * const { text, choice } = await chat.chat('Prove that there is no largest prime.')
 */
export function withAuto(chat: Chat, options: AutoOptions = {}): AutoChat {
  // A misspelt one would leave the budget out of it.
  checkOptions('withAuto', options, ['remaining', 'choose'])
  const { remaining, choose = chooseModel } = options
  const isAuto = ({ model }: ChatOptions) => model === undefined || model === 'auto'
  const left = async ({ project }: ChatOptions) =>
    typeof remaining === 'function' ? remaining(project) : (await remaining?.stats({ project }))?.remaining
  const choiceFor = async (input: string | MessageParam[], options: ChatOptions) =>
    isAuto(options) ? choose(input, { remaining: await left(options) }) : undefined
  const settled = (options: ChatOptions, choice: ModelChoice | undefined) =>
    choice ? { ...options, model: choice.model } : options

  const stream = (input: string | MessageParam[], options: ChatOptions = {}): AutoStream => {
    // For what is wrong with the call, at once.
    params(input, options)
    let choice: ModelChoice | undefined
    return deferStream<AutoReply>(
      async () => {
        choice = await choiceFor(input, options)
        return chat.stream(input, settled(options, choice))
      },
      (reply) => ({ ...reply, choice }),
    )
  }
  const params: Chat['params'] = (input, options = {}) =>
    chat.params(input, isAuto(options) && input?.length ? settled(options, choose(input, {})) : options)
  return {
    ...chat,
    params,
    stream,
    async chat(input, options = {}) {
      params(input, options)
      const choice = await choiceFor(input, options)
      return { ...(await chat.chat(input, settled(options, choice))), choice }
    },
    collect: async (input, options) => (await stream(input, options).final()).text,
  }
}
