import type { ToolResultBlockParam, ToolResultContent, ToolUseBlock } from '@enjamb/core'
import type { Tool, ToolEntry } from '@enjamb/tools'

/** Where results go that are too long for a conversation. */
export interface ResultFiles {
  /**
   * Keeps a text for as long as the session.
   *
   * @param call the id of the call that it is the result of
   * @returns where tools can read it
   */
  save(session: string, call: string, text: string): Promise<string>
}

/** What becomes of results that are too long for the context. */
export interface LongResultOptions {
  /** Default: what is too long is cut. */
  resultFiles?: ResultFiles | undefined
  /**
   * How much text of one result stands in the conversation; a tool's own limit holds where it is less. Default 120,000 with
   * `resultFiles`, else the tool's.
   */
  maxResultChars?: number | undefined
}

const defaultChars = 120_000
/** The tool's own, where it says nothing. */
const toolChars = 200_000

/** Puts a result in the form in which it stands in the conversation of a session. It never fails. */
export type KeepResult = (
  session: string,
  call: Pick<ToolUseBlock, 'id' | 'name'>,
  result: ToolResultBlockParam,
) => Promise<ToolResultBlockParam>

/**
 * Keeps results out of a conversation that are too long for it: the model gets the beginning, the end and where all of it is,
 * so that it can read or search it. Where that cannot be, it is cut.
 *
 * @returns the tools to offer instead, and what is to be done with what they give
 */
export function keepLongResults(
  tools: readonly ToolEntry[],
  { resultFiles, maxResultChars }: LongResultOptions,
): { tools: readonly ToolEntry[]; keepResult: KeepResult } {
  const most = maxResultChars ?? (resultFiles ? defaultChars : toolChars)
  const limits = new Map<string, number>()
  const limited = tools.map((tool) => {
    // What is no tool at all is told of where they are put together.
    if (!tool || !('definition' in tool)) return tool
    const limit = Math.min(tool.maxResultChars ?? toolChars, most)
    limits.set(tool.name, limit)
    return { ...tool, maxResultChars: resultFiles ? Number.POSITIVE_INFINITY : limit } satisfies Tool
  })
  return {
    tools: limited,
    async keepResult(session, { id, name }, result) {
      const limit = limits.get(name)
      const { content } = result
      if (!resultFiles || limit === undefined || !content?.length) return result
      const text = textOf(content)
      if (text.length <= limit) return result
      const path = await resultFiles.save(session, id, readable(text)).catch((error: Error) => error)
      return { ...result, content: withText(content, shorten(text, limit, path)) }
    },
  }
}

function textOf(content: NonNullable<ToolResultBlockParam['content']>): string {
  if (typeof content === 'string') return content
  return content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n')
}

/** What is no text stays. */
function withText(content: string | ToolResultContent[], text: string): string | ToolResultContent[] {
  if (typeof content === 'string') return text
  return [{ type: 'text', text }, ...content.filter(({ type }) => type !== 'text')]
}

/** The beginning says what it is, the end how it ended. */
function shorten(text: string, limit: number, path: string | Error): string {
  const head = cut(text, 0, Math.ceil(limit * 0.75))
  const tail = cut(text, text.length - Math.floor(limit * 0.25), text.length)
  const missing = text.length - head.length - tail.length
  const where =
    typeof path === 'string'
      ? `All of it is in ${path}: read parts of it, or search it.`
      : `They could not be kept: ${path.message}`
  return `${head}\n[${missing} of ${text.length} characters are left out here. ${where}]\n${tail}`
}

/** No character is cut in two. */
function cut(text: string, from: number, to: number): string {
  return text.slice(from, to).replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, '')
}

/** Tools read by lines, and JSON has but one. */
function readable(text: string): string {
  if (!/^[[{]/.test(text) || text.includes('\n')) return text
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
