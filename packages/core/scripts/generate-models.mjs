/**
 * Writes `src/models/models.generated.ts` and `src/models/model-aliases.generated.ts` from `@pydantic/genai-prices`
 * and `model-facts.mjs`. With `--check` it writes nothing and fails where a file on disk differs.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { argv, exit } from 'node:process'
import { fileURLToPath } from 'node:url'
import { findProvider } from '@pydantic/genai-prices'
import { modelFacts, webSearchPrice } from './model-facts.mjs'

/** Prices that start later than this day are left for the next time, so that the output depends on the input alone. */
const pricesAsOf = '2026-11-20'

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

/** The price list in force: the last that has started. */
function currentPrices(prices) {
  if (!Array.isArray(prices)) return prices
  const started = prices.filter(({ constraint }) => {
    if (constraint && constraint.type !== 'start_date') throw new Error(`Unknown constraint ${constraint.type}`)
    return (constraint?.start_date ?? '') <= pricesAsOf
  })
  const start = ({ constraint }) => constraint?.start_date ?? ''
  return started.sort((a, b) => (start(a) < start(b) ? -1 : 1)).at(-1).prices
}

/** genai-prices' list as ours: base prices and, where it has tiers, those of long prompts. */
function pricesFrom(model) {
  const list = currentPrices(model.prices)
  const pick = (of) => Object.fromEntries(Object.entries(priceKeys).map(([key, theirs]) => [key, of(list[theirs])]))
  const tiers = Object.values(priceKeys).map((key) => list[key]?.tiers ?? [])
  const starts = new Set(tiers.flat().map((tier) => tier.start))
  if (starts.size > 1 || tiers.some((tier) => tier.length !== starts.size)) throw new Error(`${model.id}: uneven tiers`)
  const [overTokens] = starts
  return {
    ...toTokenPrices(pick((price) => price?.base ?? price)),
    ...(overTokens === undefined
      ? {}
      : { longPrompt: { overTokens, ...toTokenPrices(pick((price) => price.tiers[0].price)) } }),
    webSearch: toNano(list.web_searches_kcount, 1e3),
  }
}

function pricesOf(fact, model) {
  if (model && fact.prices) throw new Error(`genai-prices now prices ${fact.id}: drop its prices from model-facts.mjs`)
  if (!model && !fact.prices) return undefined
  return {
    ...(model
      ? pricesFrom(model)
      : {
          ...toTokenPrices(fact.prices),
          ...(fact.longPrompt && {
            longPrompt: { overTokens: fact.longPrompt.overTokens, ...toTokenPrices(fact.longPrompt.prices) },
          }),
          webSearch: toNano(webSearchPrice, 1e3),
        }),
    fastMultiplier: fact.fastMultiplier,
    usSurcharge: fact.usSurcharge,
  }
}

function toModel(fact) {
  const model = published.models.find(({ id }) => id === fact.id)
  const displayName = fact.displayName ?? model?.name
  if (!displayName) throw new Error(`${fact.id} has no display name`)
  return {
    id: fact.id,
    alias: fact.alias,
    snapshot: fact.snapshot,
    displayName,
    knowledgeCutoff: fact.knowledgeCutoff,
    contextWindow: fact.contextWindow ?? model?.context_window,
    maxOutputTokens: fact.maxOutputTokens,
    thinking: fact.thinking,
    effort: fact.thinking === 'adaptive',
    prices: pricesOf(fact, model),
  }
}

/** A literal in the layout of the repository's formatter. */
function toSource(value, indent) {
  if (typeof value === 'string') return `'${value}'`
  if (typeof value === 'number') return String(value).replace(/\B(?=(\d{3})+$)/g, '_')
  if (typeof value !== 'object') return String(value)
  const inner = `${indent}  `
  const fields = Object.entries(value).filter(([, field]) => field !== undefined)
  return `{\n${fields.map(([key, field]) => `${inner}${key}: ${toSource(field, inner)},\n`).join('')}${indent}}`
}

const header =
  '// Written by scripts/generate-models.mjs from @pydantic/genai-prices and model-facts.mjs: do not edit.\n'
const all = modelFacts.map(toModel)
const aliases = Object.fromEntries(all.filter(({ alias }) => alias).map(({ alias, id }) => [alias, id]))
const files = {
  'models.generated.ts': `${header}import type { Model } from './model.ts'

/** Every model known when this version was made, newest generation first; the API may serve others. */
export const models: readonly Model[] = [
${all.map((model) => `  ${toSource(model, '  ')},\n`).join('')}]
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
