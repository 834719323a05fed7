import { ConfigError, modelRow } from '@enjamb/core'
import type { ChatOptions } from './chat-options.ts'

type Options = Omit<ChatOptions, 'tools'>

/**
 * How a model is told to think and to work. What it cannot do is left out where it is only a default.
 *
 * @param asked what this call itself asks for
 * @throws {ConfigError} the model cannot do what is asked for
 */
export function fitToModel(model: string, wish: Options, asked: Options): object {
  // A model that is not known may be able to do anything that it is asked for.
  const [, , letters, efforts, off] = modelRow(model) ?? [0, 0, 'abc', 5, 'disabled']
  const can = (letter: string) => letters.includes(letter)
  const refuse = (name: 'effort' | 'thinking' | 'body', right: string): undefined => {
    if (asked[name] !== undefined) throw new ConfigError(`With ${model}, ${name}${right}.`)
  }
  const { effort, thinking, display } = wish
  const budget = (thinking as { budgetTokens?: number } | undefined)?.budgetTokens
  // Where thinking can be turned off only with little effort, the one that is no more than a default gives way.
  const levels = ['low', 'medium', 'high', 'max', 'xhigh'].slice(0, can('h') && asked.thinking === false ? 3 : efforts)
  const rank = levels.indexOf(effort!)
  const output_config =
    effort && (rank < 0 ? refuse('effort', ` must be ${levels.join(', ') || 'left out'}`) : { effort })
  if (!can('c') && /any|tool/.test(Object(wish.body?.tool_choice).type)) refuse('body', '.tool_choice must be auto')
  if (budget && !can('b')) refuse('thinking', ' must be true or false')

  let style: object | undefined
  if (thinking === false) {
    const type = off ?? refuse('thinking', " cannot be false, only effort: 'low'")
    if (type && !(can('h') && rank > 2)) style = { type }
  } else if (thinking || (display && can('o'))) {
    style = (budget ? can('b') : !can('a'))
      ? { type: 'enabled', budget_tokens: budget ?? wish.maxTokens! - 1, display }
      : { type: 'adaptive', display }
  }
  return { output_config, thinking: style }
}
