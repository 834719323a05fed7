import type { MessageParam, MessageParams } from '@enjamb/core'
import { invalidRequest } from '../../errors/rejection.ts'
import type { MockModel } from '../../models/mock-model.ts'

type Effort = NonNullable<NonNullable<MessageParams['output_config']>['effort']>

const efforts: readonly Effort[] = ['low', 'medium', 'high', 'xhigh', 'max']
const useAdaptive = 'Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.'

/**
 * Which ways of thinking and which effort the model takes, and what they ask of the rest of the request.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/thinking-troubleshooting
 * @throws {Rejection}
 */
export function checkThinking(params: MessageParams, model: MockModel): void {
  const { thinking, output_config, messages } = params
  if (output_config?.effort) checkEffort(output_config.effort, model, 'output_config.effort')
  checkMessageEfforts(messages, model)
  if (thinking) checkStyle(thinking, output_config?.effort ?? model.effort?.default, model)
  checkChoice(params, model)
  if (thinking?.type === 'enabled') {
    checkBudget(thinking.budget_tokens, params.max_tokens)
    checkToolLoop(messages)
  }
  if (thinking?.type === 'enabled' || thinking?.type === 'adaptive') checkSampling(params)
}

function checkStyle(
  { type }: NonNullable<MessageParams['thinking']>,
  effort: Effort | undefined,
  { thinking: { styles, off, offUpTo } }: MockModel,
): void {
  if (type === 'adaptive' || type === 'enabled') {
    if (styles.includes(type)) return
    throw invalidRequest(
      type === 'adaptive'
        ? 'adaptive thinking is not supported on this model'
        : `"thinking.type.enabled" is not supported for this model. ${useAdaptive}`,
    )
  }
  if (type !== off) {
    const way =
      off === undefined ? useAdaptive : `To turn thinking off on this model, send "thinking": {"type": "${off}"}.`
    throw invalidRequest(`"thinking.type.${type}" is not supported for this model. ${way}`)
  }
  if (effort && offUpTo && efforts.indexOf(effort) > efforts.indexOf(offUpTo)) {
    throw invalidRequest(
      `"thinking.type.${type}" is not supported with "output_config.effort" "${effort}" on this model. ` +
        `Use an effort of at most "${offUpTo}", or "thinking.type.adaptive".`,
    )
  }
}

function checkEffort(effort: Effort, model: MockModel, place: string): void {
  if (!model.effort) throw invalidRequest('This model does not support the effort parameter.')
  const { levels } = model.effort
  if (levels.includes(effort)) return
  throw invalidRequest(
    `${place}: This model does not support effort level '${effort}'. Supported levels: ${levels.join(', ')}.`,
  )
}

function checkMessageEfforts(messages: MessageParam[], model: MockModel): void {
  for (const [index, message] of messages.entries()) {
    const { output_config: config } = message as { output_config?: { effort?: Effort | null } | null }
    const place = `messages.${index}.output_config`
    if (!config) continue
    if (message.role !== 'system') throw invalidRequest(`${place}: Extra inputs are not permitted`)
    if (!config.effort) continue
    if (!model.effort?.perMessage)
      throw invalidRequest(`${place}: This model does not support effort for each message.`)
    checkEffort(config.effort, model, `${place}.effort`)
  }
}

function checkChoice({ thinking, tool_choice: choice }: MessageParams, model: MockModel): void {
  if (choice?.type !== 'any' && choice?.type !== 'tool') return
  if (!model.forcedToolChoice) {
    throw invalidRequest(
      `tool_choice: Forced tool use (\`${choice.type}\`) is not supported for this model. Use \`auto\` or \`none\`.`,
    )
  }
  if (thinking?.type === 'enabled') {
    throw invalidRequest('Thinking may not be enabled when tool_choice forces tool use.')
  }
}

function checkBudget(budget: number, maxTokens: number | undefined): void {
  // Counting tokens has no `max_tokens` to compare with.
  if (maxTokens !== undefined && maxTokens > 0 && budget >= maxTokens) {
    throw invalidRequest(
      '`max_tokens` must be greater than `thinking.budget_tokens`. Please consult our documentation.',
    )
  }
}

function checkSampling({ temperature, top_k }: MessageParams): void {
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
