import { ConfigError, modelRow, type ToolChoice } from '@enjamb/core'
import type { ChatOptions } from './chat-options.ts'

/**
 * How a model is told to think and to work. What it cannot do is left out where it is only a default.
 *
 * @param asked what this call itself asks for
 * @throws {ConfigError} the model cannot do what is asked for
 */
export function fitToModel(model: string, wish: ChatOptions, asked: ChatOptions): object {
  const letters = modelRow(model)?.[2]
  // A model that is not known may be able to do anything.
  const can = (letter: string) => letters?.includes(letter) ?? true
  const refuse = (name: 'effort' | 'thinking' | 'body', why: string): undefined => {
    if (asked[name] !== undefined) throw new ConfigError(`With ${model}, ${name}${why}.`)
  }
  let { effort, thinking } = wish
  let type: string | undefined

  const efforts = ['low', 'medium', 'high', can('x') && 'xhigh', can('m') && 'max'].filter((level) => level && can('e'))
  if (effort && !efforts.includes(effort)) effort = refuse('effort', ` must be ${efforts.join(', ') || 'left out'}`)

  if (typeof thinking === 'object' && !can('b')) {
    refuse('thinking', ' takes no budget: true, and an effort')
    thinking = true
  }
  if (thinking === false) {
    type = can('d')
      ? 'disabled'
      : can('t')
        ? 'between_tools'
        : refuse('thinking', " cannot be false: effort 'low' thinks least")
    if (type && letters?.includes('h') && /max|xhigh/.test(`${effort}`)) {
      if (asked.thinking === undefined) type = undefined
      else effort = refuse('effort', ' must be low, medium or high where thinking is false')
    }
  } else if (thinking) type = thinking === true && can('a') ? 'adaptive' : 'enabled'
  // Who thinks anyway can be asked to show it. Of a model that is not known, that is not known either.
  else if (letters ? can('o') : asked.display) type = wish.display && 'adaptive'

  const choice = (wish.body?.tool_choice as ToolChoice | undefined)?.type
  if (/any|tool/.test(`${choice}`) && !can('c')) refuse('body', '.tool_choice must be auto or none')

  return {
    thinking: type && {
      type,
      ...(type === 'enabled' && {
        budget_tokens: typeof thinking === 'object' ? thinking.budgetTokens : wish.maxTokens! - 1,
      }),
      ...(wish.display && /^[ae]/.test(type) && { display: wish.display }),
    },
    output_config: effort && { effort },
  }
}
