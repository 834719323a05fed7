import type { MessageParam } from '@enjamb/core'

/**
 * A history in which no model's thinking is left, as many messages as before: where what stood before it was changed, the API
 * takes none of it.
 *
 * @param from the first message that was changed
 */
export function withoutThinking(messages: readonly MessageParam[], from = 0): MessageParam[] {
  return messages.map((message, index) => {
    const { role, content } = message
    if (index < from || role !== 'assistant' || typeof content === 'string') return message
    const kept = content.filter(({ type }) => !type.endsWith('thinking'))
    // The API takes no empty message.
    return kept.length < content.length ? { role, content: kept.length ? kept : '…' } : message
  })
}
