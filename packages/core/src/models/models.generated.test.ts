import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { models, modelsCheckedOn } from './models.generated.ts'

test('regenerating the models gives the files as they are', async () => {
  const script = fileURLToPath(new URL('../../scripts/generate-models.mjs', import.meta.url))
  await expect(promisify(execFile)(process.execPath, [script, '--check'])).resolves.toMatchObject({ stderr: '' })
})

test('every price is a positive whole number of nano-dollars', () => {
  for (const { id, prices } of models) {
    if (!prices) continue
    const { longPrompt, usSurcharge, ...rest } = prices
    for (const price of Object.values({ ...rest, ...longPrompt })) {
      expect(Number.isSafeInteger(price) && price > 0, id).toBe(true)
    }
  }
})

test('no id, dated id or alias names two models', () => {
  const names = models.flatMap((model) => [model.id, model.snapshot, model.alias].filter((name) => name !== undefined))
  expect(new Set(names).size).toBe(names.length)
})

test('a model that takes no effort thinks with a budget, and the default effort is one that it takes', () => {
  for (const { id, effort, thinking } of models) {
    if (!effort) expect(thinking.styles, id).toEqual(['enabled'])
    else expect(effort.levels, id).toContain(effort.default)
  }
})

test('what cannot think adaptively, or not be stopped, is said by its fields alone', () => {
  const off = Object.fromEntries(models.map(({ id, thinking }) => [id, `${thinking.off} ${thinking.offUpTo}`]))
  expect(off).toMatchObject({
    'claude-sonnet-5-5': 'between_tools high',
    'claude-haiku-5-5': 'disabled high',
    'claude-opus-5': 'disabled high',
    'claude-sonnet-5': 'disabled undefined',
    'claude-opus-4-8': 'disabled undefined',
    'claude-opus-5-5': 'undefined undefined',
    'claude-fable-5': 'undefined undefined',
    'claude-mythos-5-2': 'undefined undefined',
  })
})

test.each([
  ['claude-mythos-5-2', { contextWindow: 1_000_000, maxOutputTokens: 128_000, knowledgeCutoff: '2026-06' }],
  ['claude-mythos-5-1', { contextWindow: 1_000_000, maxOutputTokens: 128_000, knowledgeCutoff: '2026-06' }],
  ['claude-fable-5-2', { alias: 'fable', knowledgeCutoff: '2026-06' }],
  ['claude-mythos-5', { knowledgeCutoff: '2026-01' }],
  ['claude-sonnet-4-5', { contextWindow: 200_000, lifecycle: { status: 'deprecated', retiresOn: '2026-11-30' } }],
  ['claude-opus-4-5', { cacheMinimumTokens: 4_096, lifecycle: { status: 'deprecated', retiresOn: '2027-01-22' } }],
  ['claude-opus-4-8', { cacheMinimumTokens: 1_024, fastMode: { until: '2026-11-30' } }],
  ['claude-opus-4-7', { cacheMinimumTokens: 2_048, thinking: { display: 'omitted' } }],
  [
    'claude-opus-4-6',
    { cacheMinimumTokens: 4_096, thinking: { styles: ['adaptive', 'enabled'], display: 'summarized' } },
  ],
  ['claude-sonnet-5', { cacheMinimumTokens: 1_024, systemMessages: false }],
  ['claude-haiku-4-5', { cacheMinimumTokens: 4_096, images: { max: 100 }, systemMessages: false }],
  [
    'claude-opus-5-5',
    { cacheMinimumTokens: 512, images: { max: 600 }, forcedToolChoice: false, effort: { default: 'medium' } },
  ],
])('knows of %s what its maker says', (id, facts) => {
  expect(models.find((model) => model.id === id)).toMatchObject(facts)
})

test('a prompt of Sonnet 4.5 has one price, whatever its length, and Mythos 5.2 those of Fable 5.2', () => {
  const pricesOf = (id: string) => models.find((model) => model.id === id)?.prices
  expect(pricesOf('claude-sonnet-4-5')).not.toHaveProperty('longPrompt')
  expect(pricesOf('claude-mythos-5-2')).toEqual(pricesOf('claude-fable-5-2'))
  expect(pricesOf('claude-mythos-5-2')).toMatchObject({
    input: 8_000,
    output: 40_000,
    cacheRead: 200,
    fastMultiplier: 2,
  })
})

test('every replacement is a model that we know and that stays longer', () => {
  for (const { id, lifecycle } of models) {
    if (lifecycle.status === 'active') continue
    const next = models.find((model) => model.id === lifecycle.replacement)
    expect(next?.lifecycle.status, id).toBe('active')
    expect(lifecycle.retiresOn, id).toMatch(/^\d{4}-\d\d-\d\d$/)
  }
})

test('the facts were held against their sources in the last 60 days', () => {
  const days = Math.floor((Date.now() - Date.parse(modelsCheckedOn)) / 86_400_000)
  expect(
    days,
    `The model facts are ${days} days old. Hold packages/core/scripts/model-facts.mjs against the pages that it names, ` +
      'update @pydantic/genai-prices, set checkedOn to today, and run "node scripts/generate-models.mjs" in packages/core.',
  ).toBeLessThanOrEqual(60)
})
