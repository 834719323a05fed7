import type { ContentBlockParam, MessageParam } from '@enjamb/core'
import { refuse } from '../openai-error.ts'

/** The messages of a request, as they are read one by one. */
export interface History {
  readonly messages: MessageParam[]
  /** What the system says before the conversation. */
  readonly system: string
  addSystem(content: readonly ContentBlockParam[], param: string): void
  /** The parts of one answer, and the results of its calls, become one message each. */
  add(role: 'user' | 'assistant', content: ContentBlockParam[]): void
}

export function createHistory(): History {
  const before: string[] = []
  const messages: MessageParam[] = []
  return {
    messages,
    get system() {
      return before.join('\n\n')
    },
    addSystem(content, param) {
      const text = content
        .map((block) => (block.type === 'text' ? block.text : refuse(param, 'must be text.')))
        .join('\n')
      // Amid a conversation it is a message of its own, which not every model takes.
      if (messages.length) messages.push({ role: 'system', content: text })
      else before.push(text)
    },
    add(role, content) {
      if (!content.length) return
      const last = messages.at(-1)
      const isOne = role === 'assistant' || (isResult(last) && content[0]?.type === 'tool_result')
      if (last?.role === role && isOne) (last.content as ContentBlockParam[]).push(...content)
      else messages.push({ role, content } as MessageParam)
    },
  }
}

function isResult(message: MessageParam | undefined): boolean {
  return Array.isArray(message?.content) && message.content[0]?.type === 'tool_result'
}
