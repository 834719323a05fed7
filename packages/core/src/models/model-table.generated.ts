// Written by scripts/generate-models.mjs from @pydantic/genai-prices and model-facts.mjs: do not edit.
import type { ModelRow } from './model-row.ts'

/** What of the models costs money or makes a request impossible, packed for bundles that need no more. */
export const modelTable: { readonly [id: string]: ModelRow } = {
  'claude-opus-5-5': [4_000, 200, 'fuaoemx'],
  'claude-sonnet-5-5': [2_000, 100, 'uaothemx'],
  'claude-haiku-5-5': [100, 10, 'uaodhcemx', 100_000, 5],
  'claude-fable-5-2': [8_000, 200, 'fuaoemx'],
  'claude-mythos-5-2': [8_000, 200, 'fuaoemx'],
  'claude-fable-5-1': [10_000, 250, 'uaoemx'],
  'claude-mythos-5-1': [10_000, 250, 'uaoemx'],
  'claude-opus-5': [5_000, 500, 'fuaodhcemx'],
  'claude-sonnet-5': [2_000, 200, 'uaodcemx'],
  'claude-fable-5': [10_000, 1_000, 'uaocemx'],
  'claude-mythos-5': [10_000, 1_000, 'uaocemx'],
  'claude-opus-4-8': [5_000, 500, 'fuadcemx'],
  'claude-opus-4-7': [5_000, 500, 'uadcemx'],
  'claude-opus-4-6': [5_000, 500, 'uabdcem'],
  'claude-sonnet-4-6': [3_000, 300, 'uabdcem'],
  'claude-haiku-4-5': [1_000, 100, 'bdc'],
  'claude-opus-4-5': [5_000, 500, 'bdce'],
  'claude-sonnet-4-5': [3_000, 300, 'bdc'],
}

/** Nano-dollars a web search. */
export const webSearchNanoUsd = 10_000_000
