import type { ContentBlockParam, MessageParam } from '@enjamb/core'
import { refuse } from '../openai-error.ts'
import type { StoredResponse } from '../response-store.ts'

/** The messages of a request, as they are read one by one. */
export interface History {
  readonly messages: MessageParam[]
  /** What the system says before the conversation, what it went on from included. */
  readonly system: string
  addSystem(content: readonly ContentBlockParam[], param: string): void
  /** The parts of one answer, and the results of its calls, become one message each. */
  add(role: 'user' | 'assistant', content: ContentBlockParam[]): void
}

/** @param previous what it goes on from */
export function createHistory(previous?: StoredResponse): History {
  const before = previous?.system ? [previous.system] : []
  const messages: MessageParam[] = [...(previous?.messages ?? [])]
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
      if (last?.role !== role || !isOne) messages.push({ role, content } as MessageParam)
      // What it goes on from is not to be changed.
      else messages[messages.length - 1] = { role, content: [...(last.content as ContentBlockParam[]), ...content] }
    },
  }
}

function isResult(message: MessageParam | undefined): boolean {
  return Array.isArray(message?.content) && message.content[0]?.type === 'tool_result'
}
