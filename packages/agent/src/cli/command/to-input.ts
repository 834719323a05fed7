import type { UserMessageParam } from '@enjamb/core'

/** What the program reads: text as it is, other blocks as a line of JSON. */
export function toInput(prompt: UserMessageParam['content']): { input: string; hasBlocks: boolean } {
  if (typeof prompt === 'string') return { input: prompt, hasBlocks: false }
  const texts = prompt.flatMap((block) => (block.type === 'text' ? [block.text] : []))
  if (texts.length === prompt.length) return { input: texts.join('\n\n'), hasBlocks: false }
  return { input: `${JSON.stringify({ type: 'user', message: { role: 'user', content: prompt } })}\n`, hasBlocks: true }
}
