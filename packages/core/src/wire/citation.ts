/**
 * Where a passage of an answer comes from.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/citations
 */
export type Citation =
  | CharLocationCitation
  | PageLocationCitation
  | ContentBlockLocationCitation
  | SearchResultLocationCitation
  | WebSearchResultLocationCitation

/** A citation as it is sent back in a request: without `file_id`. */
export type CitationParam =
  | Omit<CharLocationCitation, 'file_id'>
  | Omit<PageLocationCitation, 'file_id'>
  | Omit<ContentBlockLocationCitation, 'file_id'>
  | SearchResultLocationCitation
  | WebSearchResultLocationCitation

interface DocumentCitation {
  cited_text: string
  /** 0-based, over all documents of the request. */
  document_index: number
  document_title: string | null
  file_id: string | null
}

/** Of a plain text document: characters, 0-based, the end exclusive. */
export interface CharLocationCitation extends DocumentCitation {
  type: 'char_location'
  start_char_index: number
  end_char_index: number
}

/** Of a PDF: pages, 1-based, the end exclusive. */
export interface PageLocationCitation extends DocumentCitation {
  type: 'page_location'
  start_page_number: number
  end_page_number: number
}

/** Of a document given as content blocks: blocks, 0-based, the end exclusive. */
export interface ContentBlockLocationCitation extends DocumentCitation {
  type: 'content_block_location'
  start_block_index: number
  end_block_index: number
}

/** Of a `search_result` block. */
export interface SearchResultLocationCitation {
  type: 'search_result_location'
  cited_text: string
  /** 0-based, over all search results of the request. */
  search_result_index: number
  source: string
  title: string | null
  start_block_index: number
  end_block_index: number
}

/** Of a page that the web search tool found. */
export interface WebSearchResultLocationCitation {
  type: 'web_search_result_location'
  cited_text: string
  /** Opaque; send it back unchanged. */
  encrypted_index: string
  title: string | null
  url: string
}
