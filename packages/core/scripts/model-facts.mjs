/**
 * What `@pydantic/genai-prices` does not say about a model, newest generation first, each fact as its maker published it
 * by `checkedOn`. Below https://platform.claude.com/docs/en:
 *
 * | fact | page |
 * |---|---|
 * | window, maximum output, knowledge cutoff, default effort | models/<name>/overview |
 * | prices (US dollars a million tokens), US surcharge (all from Claude 4.6 on) | about-claude/pricing |
 * | thinking styles, how to turn it off, default display, what blocks are bound to | build-with-claude/thinking, models/<name>/whats-new-<name> |
 * | effort levels, effort for each message | build-with-claude/effort |
 * | forced tool choice | models/<name>/whats-new-<name> |
 * | cache minimum | build-with-claude/prompt-caching |
 * | fast mode | build-with-claude/fast-mode |
 * | pools of rate limits | api/rate-limits |
 * | images | build-with-claude/vision |
 * | status, retirement | about-claude/model-deprecations |
 *
 * Read second-hand, from public quotations of those pages, and so to be checked first when in doubt: Fable and Mythos 5.2
 * altogether, Sonnet 5.5's cache reads, Haiku 5.5's cache reads and long-prompt cache prices, Opus 5.5's fast mode, the
 * knowledge cutoffs of Claude 4.5 to 4.8, and whether Opus 5 takes a thinking budget.
 *
 * A price here is for a model that genai-prices lacks; once it has the model, the generator asks for the price to go.
 */
export const checkedOn = '2026-11-28'

/** US dollars a thousand searches, of every model. */
export const webSearchPrice = 10

const efforts = ['low', 'medium', 'high', 'xhigh', 'max']

/** What all have in common that are not said to differ. */
const usual = {
  contextWindow: 1_000_000,
  maxOutputTokens: 128_000,
  forcedToolChoice: true,
  systemMessages: true,
  usSurcharge: true,
  images: { max: 600, maxSidePixels: 8_000, many: 20, maxSidePixelsOfMany: 2_000 },
}

const generation5 = {
  ...usual,
  cacheMinimumTokens: 512,
  effort: { levels: efforts, default: 'high', perMessage: true },
  thinking: { styles: ['adaptive'], byDefault: true, display: 'omitted', textBetweenTools: false, bound: 'no' },
}

/** Opus, Sonnet and Haiku 5.5, Fable and Mythos from 5.1 on. */
const generation55 = {
  ...generation5,
  forcedToolChoice: false,
  thinking: { ...generation5.thinking, textBetweenTools: true, bound: 'newer accounts' },
}

const generation4 = {
  ...usual,
  cacheMinimumTokens: 1_024,
  effort: { levels: efforts, default: 'high', perMessage: false },
  thinking: {
    styles: ['adaptive'],
    byDefault: false,
    off: 'disabled',
    display: 'omitted',
    textBetweenTools: false,
    bound: 'no',
  },
}

const generation46 = {
  ...generation4,
  effort: { ...generation4.effort, levels: ['low', 'medium', 'high', 'max'] },
  thinking: { ...generation4.thinking, styles: ['adaptive', 'enabled'], display: 'summarized' },
}

const generation45 = {
  ...generation4,
  contextWindow: 200_000,
  maxOutputTokens: 64_000,
  usSurcharge: false,
  effort: undefined,
  images: { ...usual.images, max: 100 },
  thinking: { ...generation46.thinking, styles: ['enabled'] },
}

const olderFast = { multiplier: 2, beta: 'fast-mode-2026-02-01' }

const active = (earliestRetirement) => ({ status: 'active', earliestRetirement })
const deprecated = (retiresOn, replacement) => ({ status: 'deprecated', retiresOn, replacement })

export const modelFacts = [
  {
    ...generation55,
    id: 'claude-opus-5-5',
    alias: 'opus',
    knowledgeCutoff: '2026-06',
    lifecycle: active('2027-09-22'),
    effort: { ...generation5.effort, default: 'medium' },
    fastMode: { multiplier: 2 },
  },
  {
    ...generation55,
    id: 'claude-sonnet-5-5',
    alias: 'sonnet',
    displayName: 'Claude Sonnet 5.5',
    knowledgeCutoff: '2026-06',
    lifecycle: active('2027-09-28'),
    thinking: { ...generation55.thinking, off: 'between_tools', offUpTo: 'high' },
    // Cache reads: 0.20 until 2026-10-07.
    prices: { input: 2, output: 10, cacheWrite5m: 2.5, cacheWrite1h: 4, cacheRead: 0.1 },
  },
  {
    ...generation55,
    id: 'claude-haiku-5-5',
    alias: 'haiku',
    displayName: 'Claude Haiku 5.5',
    knowledgeCutoff: '2026-06',
    lifecycle: active('2027-10-07'),
    forcedToolChoice: true,
    effort: { ...generation5.effort, default: 'medium' },
    thinking: { ...generation55.thinking, textBetweenTools: false, off: 'disabled', offUpTo: 'high' },
    prices: { input: 0.1, output: 0.5, cacheWrite5m: 0.125, cacheWrite1h: 0.2, cacheRead: 0.01 },
    longPrompt: {
      overTokens: 100_000,
      prices: { input: 0.5, output: 2.5, cacheWrite5m: 0.625, cacheWrite1h: 1, cacheRead: 0.05 },
    },
  },
  {
    ...generation55,
    id: 'claude-fable-5-2',
    alias: 'fable',
    displayName: 'Claude Fable 5.2',
    knowledgeCutoff: '2026-06',
    lifecycle: active(),
    thinking: { ...generation55.thinking, bound: 'all accounts' },
    fastMode: { multiplier: 2 },
    prices: { input: 8, output: 40, cacheWrite5m: 10, cacheWrite1h: 16, cacheRead: 0.2 },
  },
  {
    ...generation55,
    id: 'claude-mythos-5-2',
    displayName: 'Claude Mythos 5.2',
    knowledgeCutoff: '2026-06',
    lifecycle: active(),
    rateLimitPool: 'claude-mythos-5',
    thinking: { ...generation55.thinking, bound: 'all accounts' },
    fastMode: { multiplier: 2 },
    prices: { input: 8, output: 40, cacheWrite5m: 10, cacheWrite1h: 16, cacheRead: 0.2 },
  },
  {
    ...generation55,
    id: 'claude-fable-5-1',
    knowledgeCutoff: '2026-06',
    lifecycle: active('2027-09-01'),
    rateLimitPool: 'claude-fable-5',
  },
  {
    // It shares Fable 5.1's specifications and prices.
    ...generation55,
    id: 'claude-mythos-5-1',
    displayName: 'Claude Mythos 5.1',
    knowledgeCutoff: '2026-06',
    lifecycle: active('2027-09-01'),
    rateLimitPool: 'claude-mythos-5',
    prices: { input: 10, output: 50, cacheWrite5m: 12.5, cacheWrite1h: 20, cacheRead: 0.25 },
  },
  {
    ...generation5,
    id: 'claude-opus-5',
    knowledgeCutoff: '2026-05',
    lifecycle: active('2027-07-24'),
    thinking: { ...generation5.thinking, off: 'disabled', offUpTo: 'high' },
    fastMode: olderFast,
  },
  {
    ...generation5,
    id: 'claude-sonnet-5',
    knowledgeCutoff: '2026-01',
    lifecycle: active('2027-06-30'),
    cacheMinimumTokens: 1_024,
    systemMessages: false,
    effort: { ...generation5.effort, perMessage: false },
    thinking: { ...generation5.thinking, off: 'disabled' },
  },
  {
    ...generation5,
    id: 'claude-fable-5',
    knowledgeCutoff: '2026-01',
    lifecycle: active('2027-06-09'),
    effort: { ...generation5.effort, perMessage: false },
    thinking: { ...generation5.thinking, textBetweenTools: true },
  },
  {
    // It shares Fable 5's specifications and prices.
    ...generation5,
    id: 'claude-mythos-5',
    displayName: 'Claude Mythos 5',
    knowledgeCutoff: '2026-01',
    lifecycle: active('2027-06-09'),
    effort: { ...generation5.effort, perMessage: false },
    thinking: { ...generation5.thinking, textBetweenTools: true },
    prices: { input: 10, output: 50, cacheWrite5m: 12.5, cacheWrite1h: 20, cacheRead: 1 },
  },
  {
    ...generation4,
    id: 'claude-opus-4-8',
    knowledgeCutoff: '2026-01',
    lifecycle: active('2027-05-28'),
    rateLimitPool: 'claude-opus-4',
    fastMode: { ...olderFast, until: '2026-11-30' },
  },
  {
    ...generation4,
    id: 'claude-opus-4-7',
    knowledgeCutoff: '2026-01',
    lifecycle: active('2027-04-16'),
    rateLimitPool: 'claude-opus-4',
    cacheMinimumTokens: 2_048,
  },
  {
    ...generation46,
    id: 'claude-opus-4-6',
    knowledgeCutoff: '2025-05',
    lifecycle: active('2027-02-05'),
    rateLimitPool: 'claude-opus-4',
    cacheMinimumTokens: 4_096,
  },
  {
    ...generation46,
    id: 'claude-sonnet-4-6',
    knowledgeCutoff: '2025-08',
    lifecycle: active('2027-02-17'),
    rateLimitPool: 'claude-sonnet-4',
  },
  {
    ...generation45,
    id: 'claude-haiku-4-5',
    snapshot: 'claude-haiku-4-5-20251001',
    knowledgeCutoff: '2025-02',
    lifecycle: active('2026-10-15'),
    rateLimitPool: 'claude-haiku-4',
    cacheMinimumTokens: 4_096,
    systemMessages: false,
  },
  {
    ...generation45,
    id: 'claude-opus-4-5',
    snapshot: 'claude-opus-4-5-20251101',
    knowledgeCutoff: '2025-05',
    lifecycle: deprecated('2027-01-22', 'claude-opus-5-5'),
    rateLimitPool: 'claude-opus-4',
    cacheMinimumTokens: 4_096,
    effort: { ...generation4.effort, levels: ['low', 'medium', 'high'] },
  },
  {
    ...generation45,
    id: 'claude-sonnet-4-5',
    snapshot: 'claude-sonnet-4-5-20250929',
    knowledgeCutoff: '2025-01',
    lifecycle: deprecated('2026-11-30', 'claude-sonnet-5-5'),
    rateLimitPool: 'claude-sonnet-4',
    // The beta that widened its window ended on 2026-04-30.
    noLongPrompt: true,
  },
]
