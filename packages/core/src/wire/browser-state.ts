import type { CacheControl } from './cache-control.ts'

/** What a tool of the browser toolset reports back about the browser, inside its `tool_result`. */
export interface BrowserStateBlockParam {
  type: 'browser_state'
  tabs: BrowserTab[]
  state_changes?: BrowserStateChange[] | null
  cache_control?: CacheControl | null
}

/** A tab of the browser that the model works in. */
export interface BrowserTab {
  tab_id: string
  title: string
  url: string
  active?: boolean
}

/** What an action of the browser toolset did to the browser. */
export type BrowserStateChange =
  | { type: 'tab_opened'; tab_id: string }
  | { type: 'download_started'; download_id: string; url: string }
  | {
      type: 'download_completed'
      download_id: string
      url: string
      path?: string | null
      size_bytes?: number | null
    }
  | { type: 'download_failed'; download_id: string; url: string; error?: string | null }
