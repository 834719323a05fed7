import type { Cacheable } from '../cache-control.ts'
import type { CitationParam } from '../citation.ts'
import type { Base64ImageSource, Base64PDFSource, FileSource, PlainTextSource, URLSource } from './content-source.ts'

export interface TextBlockParam extends Cacheable {
  type: 'text'
  /** Not empty: the API refuses an empty text block. */
  text: string
  /** On user text this must be absent or empty under API version 2026-10-21. */
  citations?: CitationParam[] | null
}

export interface ImageBlockParam extends Cacheable {
  type: 'image'
  source: Base64ImageSource | URLSource | FileSource
  transformations?: {
    /** What becomes of an image above the model's size limit. */
    oversized_image?: 'downsize' | 'error'
  } | null
}

/** Refused in assistant messages under API version 2026-10-21. */
export interface DocumentBlockParam extends Cacheable {
  type: 'document'
  source: Base64PDFSource | PlainTextSource | ContentBlockSource | URLSource | FileSource
  title?: string | null
  /** Said to the model about the document, and never cited. */
  context?: string | null
  citations?: CitationsConfigParam | null
}

/** A document made of blocks, for citations at a grain of your own. */
export interface ContentBlockSource {
  type: 'content'
  content: string | (TextBlockParam | ImageBlockParam)[]
}

/** Whether the answer may cite the document. */
export interface CitationsConfigParam {
  enabled?: boolean
}
