import type { MessageParam, MessageParams } from '@enjamb/core'
import { invalidRequest } from '../../errors/rejection.ts'
import { checkSignature } from '../../message/sign-thinking.ts'
import type { MockModel } from '../../models/mock-model.ts'

/**
 * What thinking asks of the rest of the request, and that thinking blocks come back as they went out.
 *
 * @throws {Rejection}
 */
export function checkThinking(params: MessageParams, model: MockModel): void {
  const { thinking, output_config, messages } = params
  if (thinking?.type === 'adaptive' && model.thinking === 'budget') {
    throw invalidRequest('adaptive thinking is not supported on this model')
  }
  if (thinking?.type === 'enabled' && model.thinking === 'adaptive') {
    throw invalidRequest(
      '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.',
    )
  }
  if (output_config?.effort && !model.effort) {
    throw invalidRequest('This model does not support the effort parameter.')
  }
  if (thinking?.type === 'enabled') checkBudget(thinking.budget_tokens, params.max_tokens)
  if (thinking?.type === 'enabled' || thinking?.type === 'adaptive') checkCompanions(params)
  if (thinking?.type === 'enabled') checkToolLoop(messages)
  checkBlocks(messages)
}

function checkBudget(budget: number, maxTokens: number | undefined): void {
  // Counting tokens has no `max_tokens` to compare with.
  if (maxTokens !== undefined && budget >= maxTokens) {
    throw invalidRequest(
      '`max_tokens` must be greater than `thinking.budget_tokens`. Please consult our documentation.',
    )
  }
}

function checkCompanions({ tool_choice, temperature, top_k }: MessageParams): void {
  if (tool_choice?.type === 'any' || tool_choice?.type === 'tool') {
    throw invalidRequest('Thinking may not be enabled when tool_choice forces tool use.')
  }
  if (temperature !== undefined && temperature !== 1) {
    throw invalidRequest('`temperature` may only be set to 1 when thinking is enabled or in adaptive mode.')
  }
  if (top_k !== undefined) throw invalidRequest('`top_k` must be unset when thinking is enabled or in adaptive mode.')
}

/** An assistant message whose tools were just answered must still begin with the thinking that led to them. */
function checkToolLoop(messages: MessageParam[]): void {
  const last = messages.at(-1)
  const index = messages.length - 2
  const before = messages[index]
  if (typeof last?.content === 'string' || !last?.content.some(({ type }) => type === 'tool_result')) return
  const first = typeof before?.content === 'string' ? undefined : before?.content[0]
  if (!first || first.type === 'thinking' || first.type === 'redacted_thinking') return
  throw invalidRequest(
    `messages.${index}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${first.type}\`. ` +
      'When `thinking` is enabled, a final `assistant` message must start with a thinking block ' +
      '(preceeding the lastmost set of `tool_use` and `tool_result` blocks).',
  )
}

function checkBlocks(messages: MessageParam[]): void {
  for (const [index, { content }] of messages.entries()) {
    for (const [at, block] of typeof content === 'string' ? [] : content.entries()) {
      if (block.type !== 'thinking') continue
      const place = `messages.${index}.content.${at}`
      const wrong = checkSignature(block.thinking, block.signature)
      if (wrong === 'missing') throw invalidRequest(`${place}: Invalid \`signature\` in \`thinking\` block`)
      if (wrong === 'changed') {
        throw invalidRequest(
          `${place}: \`thinking\` or \`redacted_thinking\` blocks in the latest assistant message cannot be modified. ` +
            'These blocks must remain as they were in the original response.',
        )
      }
    }
  }
}
