import type { ContentBlockParam } from '../wire/index.ts'

/**
 * The blocks of a reply that can be sent back. The API refuses blank text, thinking without its signature or at the very
 * end, a call without its result, two calls of one id, and, where the turn is `over`, a server tool's call without its
 * result, with the calls that its code made. Of what a model wrote before it declined and another one answered, neither
 * its thinking nor its calls are sent back.
 */
export function toSendable(
  blocks: readonly ContentBlockParam[],
  isAnswered: (id: string) => boolean,
  over: boolean,
): ContentBlockParam[] {
  const open = openServerCalls(blocks)
  const start = answerStart(blocks)
  const seen = new Set<string>()
  const kept = blocks.filter((block, index) => {
    const declined = index < start
    const { type } = block
    const isGone = (id: unknown) => (over || declined) && open.has(id)
    if (type === 'text') return block.text.trim()
    if (declined && /thinking$/.test(type)) return false
    if (type === 'thinking') return block.signature
    if (type !== 'tool_use') return !isGone((block as { id?: string }).id)
    const { id, caller } = block
    if (declined || seen.has(id) || isGone((caller as { tool_id?: string } | undefined)?.tool_id)) return false
    seen.add(id)
    return isAnswered(id)
  })
  while (kept.at(-1)?.type.endsWith('thinking')) kept.pop()
  return kept
}

/** The ids of calls of server tools without their results among these blocks. */
export function openServerCalls(blocks: readonly ContentBlockParam[]): Set<unknown> {
  const open = new Set<unknown>()
  for (const block of blocks) {
    if (/_tool_use$/.test(block.type)) open.add((block as { id?: string }).id)
    if ('tool_use_id' in block) open.delete(block.tool_use_id)
  }
  return open
}

/** Where the model begins whose answer it is: those before it have declined. */
export function answerStart(blocks: readonly ContentBlockParam[]): number {
  return blocks.map((block) => block.type as string).lastIndexOf('fallback') + 1
}
