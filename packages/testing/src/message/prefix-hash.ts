import type { ContentBlock, ContentBlockParam, MessageParams } from '@enjamb/core'
import { hash } from '../random/hash.ts'

type Block = ContentBlock | ContentBlockParam
type Prompt = Pick<MessageParams, 'system' | 'tools'>

/** What stands before a place in a conversation, as one number: by it a thinking block knows its conversation again. */
export interface PrefixHash {
  readonly value: number
  add(role: string, block: Block): void
}

/**
 * Begins with the system prompt and the tools, whose order does not matter, nor do marks for the cache.
 *
 * @param answered the ids of the server's own calls that have their result: one that was given up may leave the history
 */
export function createPrefixHash({ system, tools = [] }: Prompt, answered: ReadonlySet<string>): PrefixHash {
  const told = typeof system === 'string' ? system : (system ?? []).map(({ text }) => text).join('\n')
  let value = hash([told, ...tools.map(essenceOf).sort()].join('\n'))
  const add = (role: string, block: Block) => {
    // Thinking may be left out of a history altogether.
    if (block.type === 'thinking' || block.type === 'redacted_thinking') return
    if (block.type === 'server_tool_use' && !answered.has(block.id)) return
    value = hash(block.type === 'text' ? `${value}${role}text${block.text}` : `${value}${role}${essenceOf(block)}`)
  }
  return {
    get value() {
      return value
    },
    add,
  }
}

/** The ids of the calls that these blocks are results of. */
export function answeredBy(content: readonly Block[]): string[] {
  return content.flatMap((block) => ('tool_use_id' in block ? [String(block.tool_use_id)] : []))
}

/** A prompt's content as blocks, however it is written. */
export function blocksOf(content: string | readonly ContentBlockParam[]): readonly ContentBlockParam[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content
}

/** What a client may leave out, add or write in another way on the way back is no part of what a block is. */
const loose = new Set(['cache_control', 'caller', 'citations', 'toolset_name'])
const longest = 4096

function essenceOf(value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) => {
    if (loose.has(key) || inner === null) return undefined
    if (key === 'content' && typeof inner === 'string') return blocksOf(inner)
    // Images are long, and are not edited in the middle.
    if (key === 'data' && typeof inner === 'string' && inner.length > longest) {
      return `${inner.length}${inner.slice(0, longest / 2)}${inner.slice(-longest / 2)}`
    }
    return inner
  })
}
