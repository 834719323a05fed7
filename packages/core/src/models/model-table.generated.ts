// Written by scripts/generate-models.mjs from @pydantic/genai-prices and model-facts.mjs: do not edit.
import type { ModelRow } from './model-row.ts'

/** What of the models costs money or makes a request impossible, packed for bundles that need no more. */
export const modelTable: { readonly [id: string]: ModelRow } = {
  'claude-opus-5-5': [4_000, 200, 'aof', 5],
  'claude-sonnet-5-5': [2_000, 100, 'aoh', 5, 'between_tools'],
  'claude-haiku-5-5': [100, 10, 'caoh', 5, 'disabled', 100_000, 5],
  'claude-fable-5-2': [8_000, 200, 'aof', 5],
  'claude-mythos-5-2': [8_000, 200, 'aof', 5],
  'claude-fable-5-1': [10_000, 250, 'ao', 5],
  'claude-mythos-5-1': [10_000, 250, 'ao', 5],
  'claude-opus-5': [5_000, 500, 'caohf', 5, 'disabled'],
  'claude-sonnet-5': [2_000, 200, 'cao', 5, 'disabled'],
  'claude-fable-5': [10_000, 1_000, 'cao', 5],
  'claude-mythos-5': [10_000, 1_000, 'cao', 5],
  'claude-opus-4-8': [5_000, 500, 'caf', 5, 'disabled'],
  'claude-opus-4-7': [5_000, 500, 'ca', 5, 'disabled'],
  'claude-opus-4-6': [5_000, 500, 'cab', 4, 'disabled'],
  'claude-sonnet-4-6': [3_000, 300, 'cab', 4, 'disabled'],
  'claude-haiku-4-5': [1_000, 100, 'cb', 0, 'disabled'],
  'claude-opus-4-5': [5_000, 500, 'cb', 3, 'disabled'],
  'claude-sonnet-4-5': [3_000, 300, 'cb', 0, 'disabled'],
}

/** Nano-dollars a web search. */
export const webSearchNanoUsd = 10_000_000
