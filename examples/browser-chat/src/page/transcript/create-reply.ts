import type { Message } from '@enjamb/core'
import { createMarkdown, type Markdown } from '../markdown/create-markdown.ts'
import { element } from '../parts/element.ts'
import { createThoughts, type Thoughts } from './create-thoughts.ts'
import { createToolCard, type ToolCard } from './create-tool-card.ts'

/** One reply of the model: thoughts, text and calls, in the order in which they come. */
export interface Reply {
  readonly node: HTMLElement
  readonly text: string
  readonly spoken: string
  appendText(piece: string): void
  appendThought(piece: string): void
  /** The card of a call, which may stand in it already. */
  callOf(id: string, name: string): ToolCard
  /** What the pieces were on their way to. What is shown already stays as it is. */
  settle(content: Message['content']): void
}

type Part = { type: 'text'; view: Markdown } | { type: 'thinking'; view: Thoughts } | { type: 'tool_use'; id: string }

export function createReply(calls: Map<string, ToolCard>, onShow: () => void): Reply {
  const node = element('div', { className: 'reply' })
  let parts: Part[] = []

  /** The last part, where it is text; else the one before is over, and a new one begins. */
  function lastText(): Markdown {
    const part = parts.at(-1)
    if (part?.type === 'text') return part.view
    endLast()
    const view = createMarkdown(onShow)
    parts.push({ type: 'text', view })
    node.append(view.node)
    return view
  }

  function lastThoughts(): Thoughts {
    const part = parts.at(-1)
    if (part?.type === 'thinking') return part.view
    endLast()
    const view = createThoughts()
    parts.push({ type: 'thinking', view })
    node.append(view.node)
    return view
  }

  function endLast(): void {
    const part = parts.at(-1)
    if (part?.type === 'text') part.view.flush()
    if (part?.type === 'thinking') part.view.end()
  }

  function callOf(id: string, name: string): ToolCard {
    let card = calls.get(id)
    if (!card) {
      endLast()
      card = createToolCard(name)
      calls.set(id, card)
      parts.push({ type: 'tool_use', id })
      node.append(card.node)
    }
    return card
  }

  /** Whether all that is shown is how this content begins. */
  function isBeginningOf(content: Message['content']): boolean {
    return parts.every((part, index) => {
      const block = content[index]
      if (part.type === 'text') return block?.type === 'text' && block.text.startsWith(part.view.text)
      if (part.type === 'thinking') return block?.type === 'thinking' && block.thinking.startsWith(part.view.text)
      return block?.type === 'tool_use' && block.id === part.id
    })
  }

  return {
    node,
    get text() {
      return parts.map((part) => (part.type === 'text' ? part.view.text : '')).join('\n')
    },
    get spoken() {
      return parts.map((part) => (part.type === 'text' ? part.view.spoken : '')).join('\n')
    },
    appendText: (piece) => lastText().append(piece),
    appendThought: (piece) => lastThoughts().append(piece),
    callOf,
    settle(content) {
      const shown = content.filter(
        (block) =>
          block.type === 'tool_use' ||
          (block.type === 'text' && block.text) ||
          (block.type === 'thinking' && block.thinking),
      )
      if (!isBeginningOf(shown)) {
        for (const part of parts) if (part.type === 'tool_use') calls.delete(part.id)
        parts = []
        node.replaceChildren()
      }
      for (const [index, block] of shown.entries()) {
        const part = parts[index]
        const before = part && part.type !== 'tool_use' ? part.view.text.length : 0
        if (block.type === 'tool_use') callOf(block.id, block.name).setInput(block.input)
        else if (block.type === 'text' && block.text.length > before) lastText().append(block.text.slice(before))
        else if (block.type === 'thinking' && block.thinking.length > before) {
          lastThoughts().append(block.thinking.slice(before))
        }
      }
      endLast()
    },
  }
}
