import type { Message } from '@enjamb/core'

/** The tool by which the program has the model give an answer that fits a schema. */
const tool = 'StructuredOutput'

export function isStructured({ type, name }: { type?: unknown; name?: unknown }): boolean {
  return type === 'tool_use' && name === tool
}

/** The reply as the API gives it, where that asks for a schema itself: the answer is its text. */
export function asText(message: Message): Message {
  const content = message.content.map((block) =>
    block.type === 'tool_use' && isStructured(block)
      ? { type: 'text' as const, text: JSON.stringify(block.input), citations: null }
      : block,
  )
  // What it said before is none of the answer.
  const answer = content.filter((block, n) => block.type !== 'text' || block !== message.content[n])
  return { ...message, content: answer, stop_reason: 'end_turn' }
}
