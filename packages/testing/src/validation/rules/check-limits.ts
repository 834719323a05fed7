import type { MessageParams } from '@enjamb/core'
import { invalidRequest } from '../../errors/rejection.ts'
import type { MockModel } from '../../models/mock-model.ts'

/**
 * What the model can write, what it can read, and what goes together.
 *
 * @throws {Rejection}
 */
export function checkLimits(params: MessageParams, model: MockModel, tokens: number): void {
  if (params.max_tokens > model.maxTokens) {
    throw invalidRequest(
      `max_tokens: ${params.max_tokens} > ${model.maxTokens}, which is the maximum allowed number of output tokens for ${params.model}`,
    )
  }
  if (tokens > model.contextWindow) {
    throw invalidRequest(`prompt is too long: ${tokens} tokens > ${model.contextWindow} maximum`)
  }
  if (params.temperature !== undefined && params.top_p !== undefined) {
    throw invalidRequest('`temperature` and `top_p` cannot both be specified for this model. Please use only one.')
  }
  if (params.stop_sequences?.some((sequence) => sequence.trim() === '')) {
    throw invalidRequest('stop_sequences: each stop sequence must contain non-whitespace')
  }
}

/**
 * That tools have names of their own, and the choice is one of them.
 *
 * @throws {Rejection}
 */
export function checkTools({ tools = [], tool_choice: choice }: Pick<MessageParams, 'tools' | 'tool_choice'>): void {
  const names = tools.flatMap((tool) => ('name' in tool ? [tool.name as string] : []))
  if (new Set(names).size < names.length) throw invalidRequest('tools: Tool names must be unique.')
  if (!choice || choice.type === 'none') return
  if (tools.length === 0) {
    throw invalidRequest('tool_choice: tool_choice may only be specified while providing tools.')
  }
  if (choice.type === 'tool' && !names.includes(choice.name)) {
    throw invalidRequest(`Tool '${choice.name}' not found in provided tools`)
  }
}
