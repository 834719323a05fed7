/**
 * Writes the generated files of `src/models` from `@pydantic/genai-prices` and `model-facts.mjs`. With `--check` it writes nothing and fails where a file on disk differs.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { argv, exit } from 'node:process'
import { fileURLToPath } from 'node:url'
import { findProvider } from '@pydantic/genai-prices'
import { checkedOn, modelFacts, webSearchPrice } from './model-facts.mjs'

const priceKeys = {
  input: 'input_mtok',
  output: 'output_mtok',
  cacheWrite5m: 'cache_write_mtok',
  cacheWrite1h: 'cache_write_1h_mtok',
  cacheRead: 'cache_read_mtok',
}

const published = findProvider({ providerId: 'anthropic' })
if (!published) throw new Error('genai-prices has no provider "anthropic"')

/** US dollars for so many units to nano-dollars for one. */
function toNano(usd, units) {
  const nano = (usd * 1e9) / units
  const rounded = Math.round(nano)
  if (Math.abs(nano - rounded) > 1e-6)
    throw new Error(`$${usd} for ${units} is not a whole number of nano-dollars each`)
  return rounded
}

function toTokenPrices(usdPerMillion) {
  return Object.fromEntries(
    Object.keys(priceKeys).map((key) => {
      if (typeof usdPerMillion[key] !== 'number')
        throw new Error(`No price for ${key}: ${JSON.stringify(usdPerMillion)}`)
      return [key, toNano(usdPerMillion[key], 1e6)]
    }),
  )
}

/** The price list in force: the last that has started. What starts later is left for the next time. */
function currentPrices(prices) {
  if (!Array.isArray(prices)) return prices
  const started = prices.filter(({ constraint }) => {
    if (constraint && constraint.type !== 'start_date') throw new Error(`Unknown constraint ${constraint.type}`)
    return (constraint?.start_date ?? '') <= checkedOn
  })
  const start = ({ constraint }) => constraint?.start_date ?? ''
  return started.sort((a, b) => (start(a) < start(b) ? -1 : 1)).at(-1).prices
}

/** genai-prices' list as ours: base prices and, where it has tiers, those of long prompts. */
function pricesFrom(fact, model) {
  const list = currentPrices(model.prices)
  if (list.web_searches_kcount !== webSearchPrice) throw new Error(`${model.id}: web searches cost something else`)
  const pick = (of) => Object.fromEntries(Object.entries(priceKeys).map(([key, theirs]) => [key, of(list[theirs])]))
  const tiers = Object.values(priceKeys).map((key) => list[key]?.tiers ?? [])
  const starts = new Set(tiers.flat().map((tier) => tier.start))
  if (starts.size > 1 || tiers.some((tier) => tier.length !== starts.size)) throw new Error(`${model.id}: uneven tiers`)
  const [overTokens] = fact.noLongPrompt ? [] : starts
  return {
    ...toTokenPrices(pick((price) => price?.base ?? price)),
    ...(overTokens === undefined
      ? {}
      : { longPrompt: { overTokens, ...toTokenPrices(pick((price) => price.tiers[0].price)) } }),
  }
}

function pricesOf(fact, model) {
  if (model && fact.prices) throw new Error(`genai-prices now prices ${fact.id}: drop its prices from model-facts.mjs`)
  if (!model && !fact.prices) return undefined
  const { longPrompt } = fact
  return {
    ...(model
      ? pricesFrom(fact, model)
      : {
          ...toTokenPrices(fact.prices),
          ...(longPrompt && {
            longPrompt: { overTokens: longPrompt.overTokens, ...toTokenPrices(longPrompt.prices) },
          }),
        }),
    webSearch: toNano(webSearchPrice, 1e3),
    fastMultiplier: fact.fastMode?.multiplier,
    usSurcharge: fact.usSurcharge || undefined,
  }
}

function toModel(fact) {
  const model = published.models.find(({ id }) => id === fact.id)
  const displayName = fact.displayName ?? model?.name
  if (!displayName) throw new Error(`${fact.id} has no display name`)
  const { id, alias, snapshot, knowledgeCutoff, lifecycle, contextWindow, maxOutputTokens, thinking, effort } = fact
  const { forcedToolChoice, systemMessages, cacheMinimumTokens, images, fastMode, rateLimitPool = id } = fact
  return {
    ...{
      id,
      alias,
      snapshot,
      displayName,
      knowledgeCutoff,
      lifecycle,
      contextWindow,
      maxOutputTokens,
      thinking,
      effort,
    },
    ...{ forcedToolChoice, systemMessages, cacheMinimumTokens, images, fastMode, rateLimitPool },
    prices: pricesOf(fact, model),
  }
}

/** What a request may ask of a model, in letters: `model-row.ts` says what each means. */
function codeOf({ thinking, forcedToolChoice, prices }) {
  const letters = {
    c: forcedToolChoice,
    a: thinking.styles.includes('adaptive'),
    o: thinking.byDefault,
    b: thinking.styles.includes('enabled'),
    h: thinking.offUpTo,
    f: prices.fastMultiplier,
  }
  return Object.keys(letters)
    .filter((letter) => letters[letter])
    .join('')
}

/** As `model-row.ts` has them: whoever takes four of them takes the first four. */
const efforts = ['low', 'medium', 'high', 'max', 'xhigh']

/** A model as a row of the packed table; what the row leaves out must follow from it. */
function toRow(model) {
  const { id, prices, thinking, effort } = model
  const { input, output, cacheRead, cacheWrite5m, cacheWrite1h, longPrompt, fastMultiplier = 2 } = prices
  const times = longPrompt && longPrompt.input / input
  const follows =
    output === input * 5 &&
    cacheWrite5m === input * 1.25 &&
    cacheWrite1h === input * 2 &&
    fastMultiplier === 2 &&
    Object.keys(priceKeys).every((key) => !longPrompt || longPrompt[key] === prices[key] * times) &&
    ['high', undefined].includes(thinking.offUpTo) &&
    (effort?.levels ?? []).every((level) => efforts.indexOf(level) < effort.levels.length)
  if (!follows) throw new Error(`${id} is not like the others: the packed table has no place for what is new in it`)
  const row = [input, cacheRead, codeOf(model), effort?.levels.length ?? 0, thinking.off, longPrompt?.overTokens, times]
  return row.slice(0, row.findLastIndex((cell) => cell !== undefined) + 1)
}

/** A literal in the layout of the repository's formatter, which breaks lists only where they are too long. */
function toSource(value, indent) {
  if (typeof value === 'string') return `'${value}'`
  if (typeof value === 'number') return String(value).replace(/\B(?=(\d{3})+$)/g, '_')
  if (Array.isArray(value)) return `[${value.map((item) => toSource(item, indent)).join(', ')}]`
  if (typeof value !== 'object') return String(value)
  const inner = `${indent}  `
  const fields = Object.entries(value).filter(([, field]) => field !== undefined)
  const name = (key) => (/^\w+$/.test(key) ? key : `'${key}'`)
  return `{\n${fields.map(([key, field]) => `${inner}${name(key)}: ${toSource(field, inner)},\n`).join('')}${indent}}`
}

const header =
  '// Written by scripts/generate-models.mjs from @pydantic/genai-prices and model-facts.mjs: do not edit.\n'
const all = modelFacts.map(toModel)
const aliases = Object.fromEntries(all.filter(({ alias }) => alias).map(({ alias, id }) => [alias, id]))
const priced = all.filter(({ prices }) => prices)
const files = {
  'models.generated.ts': `${header}import type { Model } from './model.ts'

/** The day on which the facts below were last held against their sources. */
export const modelsCheckedOn = '${checkedOn}'

/** Every model known when this version was made, newest generation first; the API may serve others. */
export const models: readonly Model[] = [
${all.map((model) => `  ${toSource(model, '  ')},\n`).join('')}]
`,
  'model-table.generated.ts': `${header}import type { ModelRow } from './model-row.ts'

/** What of the models costs money or makes a request impossible, packed for bundles that need no more. */
export const modelTable: { readonly [id: string]: ModelRow } = ${toSource(
    Object.fromEntries(priced.map((model) => [model.id, toRow(model)])),
    '',
  )}

/** Nano-dollars a web search. */
export const webSearchNanoUsd = ${toSource(toNano(webSearchPrice, 1e3), '')}
`,
  'model-aliases.generated.ts': `${header}
/** The newest model of each family. */
export const modelAliases = ${toSource(aliases, '')} as const
`,
}

const check = argv.includes('--check')
for (const [name, text] of Object.entries(files)) {
  const path = fileURLToPath(new URL(`../src/models/${name}`, import.meta.url))
  if (!check) writeFileSync(path, text)
  else if (readFileSync(path, 'utf8') !== text) {
    console.error(`src/models/${name} is out of date: run "node scripts/generate-models.mjs"`)
    exit(1)
  }
}
