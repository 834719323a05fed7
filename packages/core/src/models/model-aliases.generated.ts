// Written by scripts/generate-models.mjs from @pydantic/genai-prices and model-facts.mjs: do not edit.

/** The newest model of each family. */
export const modelAliases = {
  opus: 'claude-opus-5-5',
  sonnet: 'claude-sonnet-5-5',
  haiku: 'claude-haiku-5-5',
  fable: 'claude-fable-5-2',
} as const
