import type { CitationsConfigParam } from '../request/document-block-param.ts'
import type { ToolOptions } from './tool-options.ts'

/** Runs the model's code in a container of the API. */
export interface CodeExecutionTool extends ToolOptions {
  type: 'code_execution_20250522' | 'code_execution_20250825' | 'code_execution_20260120' | 'code_execution_20260521'
  name: 'code_execution'
}

/** Finds tools that are marked `defer_loading`. */
export type ToolSearchTool =
  | (ToolOptions & {
      type: 'tool_search_tool_bm25_20251119' | 'tool_search_tool_bm25'
      name: 'tool_search_tool_bm25'
    })
  | (ToolOptions & {
      type: 'tool_search_tool_regex_20251119' | 'tool_search_tool_regex'
      name: 'tool_search_tool_regex'
    })

/** What limits the web tools. A request names allowed domains or blocked ones, not both. */
interface WebToolOptions extends ToolOptions {
  allowed_domains?: string[] | null
  blocked_domains?: string[] | null
  /** Most calls in one request; unbounded by default. */
  max_uses?: number | null
}

interface WebSearchOptions extends WebToolOptions {
  name: 'web_search'
  user_location?: UserLocation | null
}

/** Searches the web; each search has a price of its own. */
export type WebSearchTool =
  | (WebSearchOptions & { type: 'web_search_20250305' | 'web_search_20260209' })
  | (WebSearchOptions & { type: 'web_search_20260318'; response_inclusion?: 'full' | 'excluded' })

/** Where the user is, roughly, for results from nearby. */
export interface UserLocation {
  type: 'approximate'
  city?: string | null
  /** ISO 3166-1 alpha-2. */
  country?: string | null
  region?: string | null
  /** IANA name. */
  timezone?: string | null
}

interface WebFetchOptions extends WebToolOptions {
  name: 'web_fetch'
  citations?: CitationsConfigParam | null
  /** Cut a page to about this many tokens. */
  max_content_tokens?: number | null
  url_sources?: WebFetchURLSources | null
}

/** Reads web pages and PDFs whose URLs the conversation already holds. */
export type WebFetchTool =
  | (WebFetchOptions & { type: 'web_fetch_20250910' | 'web_fetch_20260209' })
  | (WebFetchOptions & { type: 'web_fetch_20260309'; use_cache?: boolean })
  | (WebFetchOptions & {
      type: 'web_fetch_20260318'
      use_cache?: boolean
      response_inclusion?: 'full' | 'excluded'
    })

/** Which parts of the conversation a fetched URL may come from. */
export interface WebFetchURLSources {
  client_tool_results?: WebFetchURLSource
  server_tool_results?: WebFetchURLSource
  user_input?: { type: 'all' } | { type: 'none' }
}

/** Which tools the addresses may come from that are fetched. */
export type WebFetchURLSource =
  | { type: 'all' }
  | { type: 'none' }
  | { type: 'only' | 'except'; tools: { type: 'tool_reference'; name: string }[] }
