import { findModel, type Usage } from '@enjamb/core'

/** What is known after a reply. */
export interface Filling {
  model: string
  maxTokens: number
  /** How long the conversation is, see {@link promptTokens}; `undefined` where nobody knows. */
  tokens: number | undefined
  /** How long it was after the last summary: what no other summary will make much shorter. */
  base?: number | undefined
  /** So many tokens are enough. Default: four fifths of the model's window, or what `maxTokens` leaves of it where that is less. */
  atTokens?: number | undefined
}

/** Is it time for a summary, before the model's window is full? Of a model that is not known nobody can say. */
export function needsCompaction({ model, maxTokens, tokens = 0, base = 0, atTokens }: Filling): boolean {
  const window = findModel(model)?.contextWindow
  const most = atTokens ?? (window && Math.max(window / 2, Math.min(window * 0.8, window - maxTokens)))
  return !!most && tokens >= Math.max(most, base * 1.25)
}

type Counts = { [Name in keyof Usage]?: Usage[Name] | undefined } & { type?: string }

/** How long a conversation is after a reply. Of the work for one reply the last piece says it, compaction and advice apart. */
export function promptTokens(usage: Usage): number {
  const { iterations } = usage as { iterations?: readonly Counts[] | null }
  const last =
    iterations?.findLast(({ type }) => type === 'message' || type === 'fallback_message') ?? (usage as Counts)
  const { input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens } = last
  return (
    (input_tokens ?? 0) + (output_tokens ?? 0) + (cache_creation_input_tokens ?? 0) + (cache_read_input_tokens ?? 0)
  )
}
