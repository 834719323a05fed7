import { type WebSearchInput, webSearchDefinition } from '../../code/web/web-search.ts'
import { defineTool } from '../../define/define-tool.ts'
import type { Tool, ToolContext } from '../../define/tool.ts'

/** Something that was found. */
export interface SearchResult {
  title: string
  url: string
  /** What it says, as far as it is known. */
  text?: string | undefined
}

/** Searches the web: results, or a text that sums them up. What it throws, the model is told. */
export type Search = (
  input: WebSearchInput,
  context: Pick<ToolContext, 'signal' | 'spend' | 'budget'>,
) => string | readonly SearchResult[] | Promise<string | readonly SearchResult[]>

const maxResults = 20
const maxTextChars = 2_000

/**
 * The WebSearch tool on a function of your own, or on `createSearch`, which lets the API search. To give the model the
 * API's own tool instead, put `{ type: 'web_search_20250305', name: 'web_search' }` into the list of tools.
 *
 * Of a list of results it shows the first 20, and 2,000 characters of each.
 */
export function webSearchTool(search: Search): Tool<WebSearchInput> {
  return defineTool({
    ...webSearchDefinition,
    readOnly: true,
    idempotent: true,
    async run(input, context) {
      const found = await search(input, context)
      if (typeof found === 'string') return found.trim() || 'Nothing was found.'
      return found.slice(0, maxResults).map(toText).join('\n\n') || 'Nothing was found.'
    },
  })
}

function toText({ title, url, text = '' }: SearchResult): string {
  const line = (value: string) => value.replace(/\s+/g, ' ').trim()
  return [`${line(title)}\n${line(url)}`, text.slice(0, maxTextChars).trim()].filter(Boolean).join('\n')
}
