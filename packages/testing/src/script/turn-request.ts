import type { ContentBlockParam, MessageParams, ToolUseBlockParam } from '@enjamb/core'

/** What a turn's function gets to see. */
export interface TurnRequest {
  /** The body, as it was sent. */
  params: MessageParams & { stream?: boolean }
  /** Credentials are redacted. */
  headers: Record<string, string>
  /** The text of the last user message that has any. */
  text: string
  /** The results in the last message, with what was asked for. */
  toolResults: TurnToolResult[]
  /** How many replies the script gave before this one. */
  index: number
}

/** The result of a tool in the request, with the call that it answers. */
export interface TurnToolResult {
  id: string
  name: string
  input: unknown
  /** The text of the result; other content is left out. */
  text: string
  isError: boolean
}

/** Reads out of a request what a reply mostly depends on. */
export function toTurnRequest(
  params: TurnRequest['params'],
  headers: TurnRequest['headers'],
  index: number,
): TurnRequest {
  return { params, headers, text: lastUserText(params), toolResults: lastToolResults(params), index }
}

function lastUserText({ messages }: MessageParams): string {
  for (const { role, content } of [...messages].reverse()) {
    const text = role === 'user' ? textOf(content) : ''
    if (text !== '') return text
  }
  return ''
}

function lastToolResults({ messages }: MessageParams): TurnToolResult[] {
  const calls = new Map<string, ToolUseBlockParam>()
  for (const { content } of messages) {
    for (const block of blocksOf(content)) if (block.type === 'tool_use') calls.set(block.id, block)
  }
  return blocksOf(messages.at(-1)?.content ?? '').flatMap((block) => {
    if (block.type !== 'tool_result') return []
    const call = calls.get(block.tool_use_id)
    const text = textOf((block.content ?? '') as string | ContentBlockParam[])
    return [
      { id: block.tool_use_id, name: call?.name ?? '', input: call?.input, text, isError: block.is_error ?? false },
    ]
  })
}

function blocksOf(content: string | ContentBlockParam[]): ContentBlockParam[] {
  return typeof content === 'string' ? [] : content
}

function textOf(content: string | ContentBlockParam[]): string {
  if (typeof content === 'string') return content
  return content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n')
}
