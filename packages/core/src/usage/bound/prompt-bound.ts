import type { MessageParams } from '../../wire/index.ts'

/** What can be said of a prompt's size without asking the API. */
export interface PromptBound {
  /** The most tokens, for all that can be bounded. */
  tokens: number
  /** The first block that cannot, by its type, as `document`: the API alone knows what it comes to. */
  unbounded: string | undefined
  /** The longest-lived cache entry that it asks for. */
  cache: '5m' | '1h' | undefined
  /** The most tokens of one tool's definition. */
  definition: number
}

/** The parts of blocks that a bound depends on; a request may hold blocks that our types do not know. */
interface Block {
  type?: string | null
  content?: unknown
  source?: { type?: string; data?: unknown; content?: unknown }
  citations?: { enabled?: boolean } | null
}

/**
 * Tokens that a request has beyond its text. Published: 530 at most for the instructions that come with tools, 245 to
 * 735 for the API's own definitions of a tool that the client runs, 4,784 at most for an image of whatever size. The
 * rest are guesses on the high side: the framing, formats and thinking add to the system prompt, and toolsets and server
 * tools, whose definitions are nowhere published.
 *
 * @see https://platform.claude.com/docs/en/about-claude/pricing#tool-use-pricing
 * @see https://platform.claude.com/docs/en/build-with-claude/vision
 */
const tokensOf = { request: 500, tools: 1_000, apiTool: 4_000, toolset: 20_000, image: 5_000 }

/** Blocks that are all text: nothing in them stands for more than is there. */
const textBlocks = new Set<unknown>([
  'text',
  'thinking',
  'redacted_thinking',
  'tool_use',
  'server_tool_use',
  'search_result',
  'web_search_tool_result',
  'code_execution_tool_result',
  'bash_code_execution_tool_result',
  'text_editor_code_execution_tool_result',
  'browser_state',
  'advisor_tool_result',
  'fallback',
])

/**
 * Bounds a prompt from above: a token is at least a byte of the text that is sent, whatever the tokeniser.
 *
 * @param body the request as it is sent; default: the parameters as JSON
 */
export function boundPrompt(params: MessageParams, body: string = JSON.stringify(params)): PromptBound {
  const tools = params.tools ?? []
  const bound: PromptBound = {
    tokens: tokensOf.request + byteLength(body) + (tools.length && tokensOf.tools),
    unbounded: undefined,
    cache: cacheOf(body),
    definition: Math.max(0, ...tools.map((tool) => byteLength(JSON.stringify(tool)))),
  }
  for (const { type } of tools) {
    if (type && type !== 'custom') bound.tokens += type.includes('toolset') ? tokensOf.toolset : tokensOf.apiTool
  }
  addBlocks(bound, params.system)
  for (const { content } of params.messages ?? []) addBlocks(bound, content)
  return bound
}

function addBlocks(bound: PromptBound, content: unknown): void {
  if (!Array.isArray(content)) return
  for (const block of content.map(Object) as Block[]) {
    const { type, source } = block
    // What can be cited is cut into sentences, each of which gets a number.
    if (block.citations?.enabled) bound.tokens += byteLength(JSON.stringify(block))
    if (textBlocks.has(type)) continue
    if (type === 'image') bound.tokens += tokensOf.image - dataLength(source)
    // The tool's definition is put where it is named.
    else if (type === 'tool_reference') bound.tokens += bound.definition
    else if (type === 'tool_result') addBlocks(bound, block.content)
    else if (type === 'web_fetch_tool_result') addBlocks(bound, [Object(block.content).content])
    else if (type === 'tool_search_tool_result') addBlocks(bound, Object(block.content).tool_references)
    else if (type === 'document' && source?.type === 'content') addBlocks(bound, source.content)
    // A fetch that failed has no type, for nothing has come of it.
    else if (type !== undefined && (type !== 'document' || source?.type !== 'text')) bound.unbounded ??= `${type}`
  }
}

/** An image's data is in the body, and is no text. */
function dataLength(source: Block['source']): number {
  return source?.type === 'base64' && typeof source.data === 'string' ? source.data.length : 0
}

/** The bytes of a text, or of its compatibility form where that is longer: a tokeniser may see either. */
export function byteLength(text: string): number {
  const bytes = new TextEncoder().encode(text).length
  return bytes === text.length ? bytes : Math.max(bytes, new TextEncoder().encode(text.normalize('NFKC')).length)
}

/** In JSON a quotation mark inside a text is escaped, so these are marks and no talk of them. */
function cacheOf(body: string): PromptBound['cache'] {
  // First in a way that costs little for a body of images.
  if (!body.includes('"cache_control"') || !/"cache_control"\s*:\s*\{/.test(body)) return undefined
  return /"ttl"\s*:\s*"1h"/.test(body) ? '1h' : '5m'
}
