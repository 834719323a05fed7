import type { ContentBlock } from '@enjamb/core'
import { currentVersion } from '../http/api-versions.ts'
import type { NewId } from '../random/create-ids.ts'
import type { LooseBlock, TurnSpec } from '../script/turn.ts'

/** The content that a turn describes, every block complete but for the signatures of thinking. */
export function blocksOfTurn(turn: TurnSpec, thinks: boolean, newId: NewId, version: string): ContentBlock[] {
  return looseBlocks(turn, thinks).map((block) => completeBlock(block, newId, version))
}

function looseBlocks({ content, text, thinking, toolCalls = [] }: TurnSpec, thinks: boolean): LooseBlock[] {
  if (content) return content.map((block) => ({ ...block }))
  const blocks: LooseBlock[] = []
  if (thinking || (thinks && thinking !== false)) {
    const { text: thought, signature } =
      typeof thinking === 'object' ? { signature: '', ...thinking } : { text: thinking || '' }
    blocks.push({ type: 'thinking', thinking: thought, ...(signature ? { signature } : {}) })
  }
  // The API never sends an empty text block.
  if (text) blocks.push({ type: 'text', text })
  for (const { name, input, id } of toolCalls) blocks.push({ type: 'tool_use', name, input, id })
  return blocks
}

function completeBlock(block: LooseBlock, newId: NewId, version: string): ContentBlock {
  switch (block.type) {
    case 'text':
      // Older clients know the field as absent where there are none, and refuse a null.
      return (version >= currentVersion ? { citations: null, ...block } : block) as unknown as ContentBlock
    case 'tool_use':
    case 'server_tool_use': {
      const id = block.id ?? newId(block.type === 'tool_use' ? 'toolu' : 'srvtoolu')
      return { caller: { type: 'direct' }, ...block, id, input: block.input ?? {} } as ContentBlock
    }
    default:
      return block as unknown as ContentBlock
  }
}
