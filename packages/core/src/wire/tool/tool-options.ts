import type { CacheControl } from '../cache-control.ts'

/** What every tool's definition can carry. */
export interface ToolOptions {
  /** Who may call it; default: the model directly. */
  allowed_callers?: ('direct' | 'code_execution_20250825' | 'code_execution_20260120' | 'code_execution_20260521')[]
  cache_control?: CacheControl | null
  /** Leave it out of the prompt until a tool search finds it. */
  defer_loading?: boolean
  /** Guarantee input that fits the schema. */
  strict?: boolean
}

/** What a tool that you run yourself can carry. */
export interface ClientToolOptions extends ToolOptions {
  input_examples?: { [key: string]: unknown }[]
}
