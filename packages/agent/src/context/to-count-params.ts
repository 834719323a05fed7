import type { CountTokensParams, MessageParam, UserMessageParam } from '@enjamb/core'
import type { FrozenParams } from '../journal/entry.ts'

/**
 * What is to be counted: the next request, with this prompt.
 *
 * @param prompt where there is none, the shortest that the API takes stands for it
 */
export function toCountParams(
  frozen: FrozenParams,
  messages: readonly MessageParam[],
  prompt: UserMessageParam['content'],
): CountTokensParams {
  const { model, system, tools, tool_choice, thinking, output_config, betas, mcp_servers } = frozen
  const params = { model, system, tools, tool_choice, thinking, output_config, betas, mcp_servers }
  const given = Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined))
  const isReady = messages.at(-1)?.role === 'user' && !prompt.length
  const next: MessageParam = { role: 'user', content: prompt.length ? prompt : '.' }
  return { ...given, model, messages: isReady ? [...messages] : [...messages, next] }
}
