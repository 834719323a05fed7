/**
 * What `@pydantic/genai-prices` does not say about a model, newest family first.
 *
 * Sources: a model's page, https://platform.claude.com/docs/en/models/<name>/overview, for the context window, the
 * maximum output, the thinking style and the reliable knowledge cutoff; https://platform.claude.com/docs/en/about-claude/pricing
 * for prices (US dollars a million tokens), the fast mode's multiplier and the surcharge for inference kept in the US
 * (every model from Claude 4.6 on). A fact that no page states is left out.
 *
 * Read second-hand, from public quotations of those pages, and so to be checked first when in doubt: Fable 5.2
 * altogether, Sonnet 5.5's cache reads, Haiku 5.5's cache reads and long-prompt cache prices, Opus 5.5's fast mode, and the
 * knowledge cutoffs of Claude 4.5 to 4.8.
 *
 * A price here is for a model that genai-prices lacks; once it has the model, the generator asks for the price to go.
 */
export const modelFacts = [
  {
    id: 'claude-opus-5-5',
    alias: 'opus',
    knowledgeCutoff: '2026-06',
    maxOutputTokens: 128_000,
    thinking: 'adaptive',
    fastMultiplier: 2,
    usSurcharge: true,
  },
  {
    id: 'claude-sonnet-5-5',
    alias: 'sonnet',
    displayName: 'Claude Sonnet 5.5',
    knowledgeCutoff: '2026-06',
    contextWindow: 1_000_000,
    maxOutputTokens: 128_000,
    thinking: 'adaptive',
    usSurcharge: true,
    // Cache reads: 0.20 until 2026-10-07.
    prices: { input: 2, output: 10, cacheWrite5m: 2.5, cacheWrite1h: 4, cacheRead: 0.1 },
  },
  {
    id: 'claude-haiku-5-5',
    alias: 'haiku',
    displayName: 'Claude Haiku 5.5',
    knowledgeCutoff: '2026-06',
    contextWindow: 1_000_000,
    maxOutputTokens: 128_000,
    thinking: 'adaptive',
    usSurcharge: true,
    prices: { input: 0.1, output: 0.5, cacheWrite5m: 0.125, cacheWrite1h: 0.2, cacheRead: 0.01 },
    longPrompt: {
      overTokens: 100_000,
      prices: { input: 0.5, output: 2.5, cacheWrite5m: 0.625, cacheWrite1h: 1, cacheRead: 0.05 },
    },
  },
  {
    // Cache writes at the published multiples of the input price, 1.25 and 2.
    id: 'claude-fable-5-2',
    displayName: 'Claude Fable 5.2',
    contextWindow: 1_000_000,
    maxOutputTokens: 128_000,
    thinking: 'adaptive',
    fastMultiplier: 2,
    usSurcharge: true,
    prices: { input: 8, output: 40, cacheWrite5m: 10, cacheWrite1h: 16, cacheRead: 0.2 },
  },
  { id: 'claude-mythos-5-2', displayName: 'Claude Mythos 5.2', thinking: 'adaptive' },
  {
    id: 'claude-fable-5-1',
    knowledgeCutoff: '2026-06',
    maxOutputTokens: 128_000,
    thinking: 'adaptive',
    usSurcharge: true,
  },
  {
    id: 'claude-mythos-5-1',
    displayName: 'Claude Mythos 5.1',
    thinking: 'adaptive',
    usSurcharge: true,
    prices: { input: 10, output: 50, cacheWrite5m: 12.5, cacheWrite1h: 20, cacheRead: 0.25 },
  },
  {
    id: 'claude-opus-5',
    knowledgeCutoff: '2026-05',
    maxOutputTokens: 128_000,
    thinking: 'adaptive',
    fastMultiplier: 2,
    usSurcharge: true,
  },
  {
    id: 'claude-sonnet-5',
    knowledgeCutoff: '2026-01',
    maxOutputTokens: 128_000,
    thinking: 'adaptive',
    usSurcharge: true,
  },
  {
    id: 'claude-fable-5',
    knowledgeCutoff: '2026-01',
    maxOutputTokens: 128_000,
    thinking: 'adaptive',
    usSurcharge: true,
  },
  {
    // "It shares Claude Fable 5's specifications and pricing."
    id: 'claude-mythos-5',
    displayName: 'Claude Mythos 5',
    contextWindow: 1_000_000,
    maxOutputTokens: 128_000,
    thinking: 'adaptive',
    usSurcharge: true,
    prices: { input: 10, output: 50, cacheWrite5m: 12.5, cacheWrite1h: 20, cacheRead: 1 },
  },
  {
    id: 'claude-opus-4-8',
    knowledgeCutoff: '2026-01',
    maxOutputTokens: 128_000,
    thinking: 'adaptive',
    fastMultiplier: 2,
    usSurcharge: true,
  },
  {
    id: 'claude-opus-4-7',
    knowledgeCutoff: '2026-01',
    maxOutputTokens: 128_000,
    thinking: 'adaptive',
    usSurcharge: true,
  },
  {
    id: 'claude-opus-4-6',
    knowledgeCutoff: '2025-05',
    maxOutputTokens: 128_000,
    thinking: 'adaptive',
    usSurcharge: true,
  },
  {
    id: 'claude-sonnet-4-6',
    knowledgeCutoff: '2025-08',
    maxOutputTokens: 128_000,
    thinking: 'adaptive',
    usSurcharge: true,
  },
  {
    id: 'claude-haiku-4-5',
    snapshot: 'claude-haiku-4-5-20251001',
    knowledgeCutoff: '2025-02',
    maxOutputTokens: 64_000,
    thinking: 'enabled',
  },
  {
    id: 'claude-opus-4-5',
    snapshot: 'claude-opus-4-5-20251101',
    knowledgeCutoff: '2025-05',
    maxOutputTokens: 64_000,
    thinking: 'enabled',
  },
  {
    id: 'claude-sonnet-4-5',
    snapshot: 'claude-sonnet-4-5-20250929',
    knowledgeCutoff: '2025-01',
    maxOutputTokens: 64_000,
    thinking: 'enabled',
  },
]

/** US dollars a thousand searches, for the models above that genai-prices lacks. */
export const webSearchPrice = 10
