import type { ContentBlock, MessageParams } from '@enjamb/core'
import { answeredBy, blocksOf, createPrefixHash } from './prefix-hash.ts'
import { signThinking } from './sign-thinking.ts'

/** Signs the thinking of an answer, each block for what stands before it, and takes its text away where that is not shown. */
export function signContent(
  content: ContentBlock[],
  { system, tools, messages }: MessageParams,
  { model, shown }: { model: string; shown: boolean },
): ContentBlock[] {
  if (content.every(({ type }) => type !== 'thinking')) return content
  const before = messages.map((message) => ({ role: message.role, content: blocksOf(message.content) }))
  const answered = [...before, { content }].flatMap((message) => answeredBy(message.content))
  const prefix = createPrefixHash({ system, tools } as MessageParams, new Set(answered))
  for (const { role, content: blocks } of before) for (const block of blocks) prefix.add(role, block)
  return content.map((block) => {
    prefix.add('assistant', block)
    if (block.type !== 'thinking') return block
    const { signature = signThinking({ thinking: block.thinking, model, prefix: prefix.value }) } = block as {
      signature?: string
    }
    return { ...block, thinking: shown ? block.thinking : '', signature }
  })
}
