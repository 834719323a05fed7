import { messageText } from '@enjamb/chat'
import {
  type Client,
  findModel,
  type Message,
  type MessageParam,
  type MessageParams,
  type RequestOptions,
} from '@enjamb/core'
import { streamMessage } from '@enjamb/stream'
import type { FrozenParams } from '../../journal/entry.ts'
import { withCacheMarks } from '../cache/with-cache-marks.ts'
import type { ContextOptions } from '../context-options.ts'
import { summaryPrompt } from './summary-prompt.ts'

/** What every way to a summary works with. */
export interface SummaryRequest {
  client: Client
  frozen: FrozenParams
  instructions?: string | undefined
  options: RequestOptions
  cache: ContextOptions['cache']
  /** Gets every reply, for what it costs. */
  onReply(message: Message): void
}

const beta = 'compact-2026-09-04'
/** A summary may need more than the answers of a session are allowed. */
const minTokens = 16_000

/**
 * The API's own summary of a whole history (a beta).
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/compaction-on-demand
 * @returns `undefined` where it gave none: what stands before the API may not know of it
 */
export async function askAPIForSummary(
  request: SummaryRequest,
  messages: readonly MessageParam[],
): Promise<string | undefined> {
  const { instructions } = request
  // What is said here stands in place of the API's own prompt.
  const compaction = { type: 'summarize' as const, ...(instructions && { instructions: summaryPrompt(instructions) }) }
  const { betas = [], ...params } = summaryParams(request.frozen, messages)
  const { content } = await ask(request, { ...params, compaction, betas: [...betas, beta] })
  const block = content.find(({ type }) => (type as string) === 'compaction') as { content?: string | null } | undefined
  return block?.content?.trim() || undefined
}

/** A summary that the model of the session writes, at the end of what it has cached of it. */
export async function askForSummary(
  request: SummaryRequest,
  messages: readonly MessageParam[],
): Promise<string | undefined> {
  const prompt: MessageParam = { role: 'user', content: summaryPrompt(request.instructions) }
  const params = summaryParams(request.frozen, [...messages, prompt])
  const reply = await ask(request, params)
  const isCall = reply.stop_reason === 'tool_use'
  // To forbid calls from the start would miss the cache of the whole history.
  return textOf(isCall ? await ask(request, { ...params, tool_choice: { type: 'none' } }) : reply)
}

/** A summary of a part of a history, given as text, with that of what stood before it. */
export async function askAboutText(
  request: SummaryRequest,
  before: string | undefined,
  transcript: string,
): Promise<string | undefined> {
  // What tools there are is said, and nothing can be called.
  const { system, tools, tool_choice, mcp_servers, container, ...params } = summaryParams(request.frozen, [])
  const earlier = before ? `<summary>\n${before}\n</summary>\n\nIt went on:\n\n` : ''
  const content = `${summaryPrompt(request.instructions)}\n\nThe conversation:\n\n${earlier}<transcript>\n${transcript}\n</transcript>`
  return textOf(await ask({ ...request, cache: false }, { ...params, messages: [{ role: 'user', content }] }))
}

async function ask({ client, options, cache, onReply }: SummaryRequest, params: MessageParams): Promise<Message> {
  const message = await streamMessage(client, withCacheMarks(params, cache), options).final()
  onReply(message)
  return message
}

/** One that is cut off would lose the end of a history, and a refusal is none. */
function textOf(message: Message): string | undefined {
  return message.stop_reason === 'end_turn' ? messageText(message).trim() || undefined : undefined
}

/** As in the session, for the cache's sake, less what would not let a summary come. */
function summaryParams(frozen: FrozenParams, messages: readonly MessageParam[]): MessageParams {
  const { context_management: _, compaction: __, stop_sequences: ___, output_config, tool_choice, ...params } = frozen
  const { format: ____, ...config } = output_config ?? {}
  const isForced = tool_choice?.type === 'any' || tool_choice?.type === 'tool'
  const most = findModel(frozen.model)?.maxOutputTokens ?? frozen.max_tokens
  return {
    ...params,
    max_tokens: Math.max(frozen.max_tokens, Math.min(minTokens, most)),
    ...(tool_choice && !isForced && { tool_choice }),
    ...(Object.keys(config).length > 0 && { output_config: config }),
    messages: [...messages],
  }
}
