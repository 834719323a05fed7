import type { ContentBlockParam, MessageParam } from '../wire/index.ts'
import { toSendable } from './to-sendable.ts'

/** A history with a reply at its end; together with a paused one that it continues, it is a single message. */
export function withReply(
  messages: readonly MessageParam[],
  blocks: readonly ContentBlockParam[],
  isAnswered: (id: string) => boolean = () => true,
  over = false,
): MessageParam[] {
  const last = messages.at(-1)
  const paused = last?.role === 'assistant' && typeof last.content === 'object' && last.content
  const before = paused ? messages.slice(0, -1) : [...messages]
  const content = toSendable([...(paused || []), ...blocks], isAnswered, over)
  return content.length ? [...before, { role: 'assistant', content }] : before
}
