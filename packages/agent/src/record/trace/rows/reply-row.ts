import type { ContentBlock } from '@enjamb/core'
import { type TokenCounts, tokensOf } from '../../run/create-totals.ts'
import type { ReplyStep } from '../../run/run.ts'
import { costText, countText } from '../../text/format-numbers.ts'
import { jsonText } from '../../text/json-text.ts'
import { lineHTML, longHTML } from '../escape-html.ts'
import type { TraceContext } from '../trace-context.ts'
import { contentHTML, factsHTML, inputHTML, inputLine } from './content-html.ts'
import { inAndOut } from './in-and-out.ts'
import type { Row } from './row-html.ts'

/** Reasons to stop that are worth a word. */
const unusual: Readonly<Record<string, string>> = {
  max_tokens: 'cut off',
  model_context_window_exceeded: 'cut off',
  refusal: 'refused',
  pause_turn: 'paused',
}

/** A reply of the model as a row of the waterfall. */
export function replyRow(step: ReplyStep, context: TraceContext, isLast: boolean): Row {
  const { message, entry, spending } = step
  const blocks = message?.content ?? []
  const broken = entry.type === 'part' && entry.why
  const tokens = spending && tokensOf(spending)
  return {
    classes: ['reply', broken !== false && 'fails'],
    nameHTML: 'Model',
    textHTML: previewOf(blocks),
    tags: [unusual[`${message?.stop_reason}`], broken !== false && 'broke off'],
    span: step,
    ms: step.endedAt - step.startedAt,
    tokens: tokens && inAndOut([tokens]),
    bodyHTML: [
      ...blocks.map((block) => blockHTML(block, context)),
      factsHTML([
        broken && `broke off: ${broken}`,
        message?.model,
        tokens && tokensText(tokens),
        spending && costText(spending.cost),
        message?.stop_reason,
        entry.type === 'reply' && entry.requestId,
      ]),
    ].join(''),
    // A short answer stands on the row already.
    isOpen: isLast && isLong(blocks),
  }
}

function tokensText({ input, cacheWrite, cacheRead, output }: TokenCounts): string {
  const parts = [
    `${countText(input)} new`,
    cacheWrite && `${countText(cacheWrite)} written to the cache`,
    cacheRead && `${countText(cacheRead)} read from it`,
    `${countText(output)} out`,
  ]
  return parts.filter(Boolean).join(', ')
}

function isLong(blocks: readonly ContentBlock[]): boolean {
  const texts = blocks.flatMap((block) => (block.type === 'text' ? block.text.trim() : []))
  return texts.length > 1 || texts.some((text) => text.length > 70 || text.includes('\n'))
}

function previewOf(blocks: readonly ContentBlock[]): string {
  const text = blocks.findLast((block) => block.type === 'text')?.text.trim()
  if (text) return lineHTML(text)
  const asked = blocks.flatMap((block) =>
    block.type.endsWith('tool_use') ? `${(block as { name?: unknown }).name}` : [],
  )
  if (asked.length) return lineHTML(`asks for ${asked.join(', ')}`)
  const thought = blocks.find((block) => block.type === 'thinking')?.thinking
  return lineHTML(thought || 'nothing')
}

function blockHTML(block: ContentBlock, context: TraceContext): string {
  const { type, input, content } = block as { type: string; input?: unknown; content?: unknown }
  if (block.type === 'text') return `<div class="say">${longHTML(block.text, context.maxChars)}</div>`
  if (block.type === 'thinking') {
    return block.thinking ? `<div class="say think">${longHTML(block.thinking, context.maxChars)}</div>` : ''
  }
  // Its row comes below.
  if (type === 'tool_use') return ''
  if (type.endsWith('tool_use')) {
    return `<h4>${lineHTML(`${(block as { name?: unknown }).name}`)} ${inputLine(input)}</h4>${inputHTML(input, context)}`
  }
  if (type.endsWith('tool_result')) return `<h4>${lineHTML(type)}</h4>${contentHTML(content, context, 'out')}`
  return `<h4>${lineHTML(type)}</h4><pre>${lineHTML(jsonText(block, 500).text, 500)}</pre>`
}
