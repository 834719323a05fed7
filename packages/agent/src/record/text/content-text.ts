/** A block of any kind, known or not. */
interface Block {
  readonly type?: unknown
  readonly [key: string]: unknown
}

/**
 * What a person reads of a prompt or of a tool's result: the texts, one below the other, and a word in brackets for
 * whatever is none.
 */
export function contentText(content: unknown): string {
  if (typeof content === 'string') return content
  if (Array.isArray(content)) return content.map(blockText).join('\n')
  return content ? blockText(content) : ''
}

function blockText(given: unknown): string {
  const block = Object(given) as Block
  const { type, text, content, source, title, stdout, stderr } = block
  if (typeof text === 'string') return text
  if (type === 'tool_result' || type === 'search_result') return lines(title, contentText(content))
  if (typeof stdout === 'string') return lines(stdout, stderr)
  const media = type === 'image' || type === 'document' ? sourceText(source as Block) : undefined
  return `[${[type ?? 'block', nameOf(block), media].filter(Boolean).join(': ')}]`
}

function nameOf({ title, name, error_code, tool_name }: Block): unknown {
  return [title, name, error_code, tool_name].find((word) => typeof word === 'string')
}

function lines(...texts: unknown[]): string {
  return texts.filter(Boolean).join('\n')
}

function sourceText(source: Block | undefined): string {
  const { type, media_type, data, url, file_id } = Object(source) as Block
  if (type === 'base64') return `${media_type}, ${Math.ceil((`${data}`.length * 3) / 4_000)} kB`
  return `${url ?? file_id ?? media_type ?? type ?? ''}`
}
