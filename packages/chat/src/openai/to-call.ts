import { findModel, type MessageParam, type MessageParams } from '@enjamb/core'
import type { Chat } from '../chat.ts'
import type { ChatOptions } from '../request/chat-options.ts'
import type { Asked } from './read/asked.ts'
import { isThinking } from './reasoning.ts'

/** What the chat is asked, for what a request asks. */
export function toCall(
  chat: Chat,
  { model, messages, options }: Asked,
): Pick<Asked, 'messages'> & { options: ChatOptions } {
  const { output_config, ...body } = options.body ?? {}
  const call = { ...options, model, body }
  const params = chat.params(messages, call)
  // The effort stands beside the format, which would take its place.
  const format = output_config ? { output_config: { ...params.output_config, ...output_config } } : {}
  const binding = messages.some(hasThinking) && bindingOf(params)
  if (binding === 'none')
    return { messages: messages.flatMap(withoutThinking), options: { ...call, body: { ...body, ...format } } }
  return {
    messages,
    options: {
      ...call,
      ...(binding && { betas: binding.betas }),
      body: { ...body, ...format, ...(binding && { thinking: binding.thinking }) },
    },
  }
}

/**
 * Thinking is bound to the system, the tools and the messages before it, which OpenAI's clients may change from one request to the
 * next: what no longer fits is left out by the API, rather than that all is refused.
 *
 * @returns `none` where the model is not to think, and so reads no earlier thoughts
 */
function bindingOf({
  model,
  thinking: asked,
}: MessageParams): { thinking: object; betas: string[] } | 'none' | undefined {
  const known = findModel(model)
  const thinking = asked ?? (known?.thinking.byDefault ? { type: 'adaptive' as const } : undefined)
  if (thinking?.type === 'adaptive' || thinking?.type === 'enabled') {
    const block_binding = { prefix_mismatch_behavior: 'drop_block' }
    return { thinking: { ...thinking, block_binding }, betas: ['thinking-binding-controls-2026-08-01'] }
  }
  return known ? 'none' : undefined
}

function hasThinking({ content }: MessageParam): boolean {
  return Array.isArray(content) && content.some(isThinking)
}

function withoutThinking(message: MessageParam): MessageParam[] {
  if (!hasThinking(message)) return [message]
  const content = (message.content as Exclude<MessageParam['content'], string>).filter((block) => !isThinking(block))
  return content.length ? [{ ...message, content } as MessageParam] : []
}
