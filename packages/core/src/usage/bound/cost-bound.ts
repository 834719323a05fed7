import { ConfigError } from '../../errors/config-error.ts'
import { costOf } from '../../models/cost-of.ts'
import { findModel } from '../../models/find-model.ts'
import { modelRow } from '../../models/find-model-row.ts'
import type { MessageParams } from '../../wire/index.ts'
import { type ExtraParams, extraWork, inputUsage } from './extra-work.ts'
import { boundPrompt } from './prompt-bound.ts'
import { boundServerTools } from './server-tool-bound.ts'

/** The most that a request can cost. */
export interface CostBound {
  /** In whole nano-dollars. */
  nanoUsd: number
  /** The most that the model may write. */
  outputTokens: number
  /** How a bound could be lower where the model's context window had to serve as one; a sentence. */
  advice: string | undefined
  /** Whether work may be billed that shows at the end of the answer only. */
  hidden: boolean
}

export interface CostBoundOptions {
  /** The request as it is sent; default: the parameters as JSON. */
  body?: string | undefined
  /** The prompt's tokens as the API counted them. */
  inputTokens?: number | undefined
  /** At batch prices. */
  batch?: boolean | undefined
  /** The most tokens that one web search or fetch brings into the prompt; default: the context window. */
  searchTokens?: number | undefined
}

/** Parameters whose cost is bounded by what else stands here; a new one may cost anything. */
const known = new Set([
  ...['model', 'max_tokens', 'messages', 'system', 'tools', 'tool_choice', 'thinking', 'output_config'],
  ...['cache_control', 'speed', 'stop_sequences', 'metadata', 'diagnostics', 'inference_geo', 'service_tier'],
  ...['temperature', 'top_p', 'top_k', 'stream', 'compaction', 'context_management', 'fallbacks', 'thread'],
])

/**
 * The worst case at list prices: every token of the prompt written to the cache that the request asks for, `max_tokens`
 * of output, every web search that is allowed, compaction, advisors and fallbacks, the prices of a long prompt, fast mode
 * and US inference where they could apply. What of the prompt cannot be bounded counts as the model's whole context window, beyond which the API refuses.
 *
 * @throws {ConfigError} there is no bound: a model without a price or a tool or parameter that could cost anything, or
 * `max_tokens` is no count
 */
export function boundCost(params: MessageParams, options: CostBoundOptions = {}): CostBound {
  const model = String(params.model)
  // The API counts no longer prompt.
  const { contextWindow: window = 0 } = findModel(model) ?? {}
  const outputTokens = boundOutput(params, window)
  for (const [name, value] of Object.entries(params)) {
    if (!known.has(name) && value != null) {
      throw new ConfigError(`Under a budget there can be no ${name}: what it costs has no bound.`)
    }
  }
  const tools = boundServerTools(params)
  const prompt = boundPrompt(params, options.body)
  const { inputTokens = Number.POSITIVE_INFINITY, searchTokens = Number.POSITIVE_INFINITY } = options
  // What the server holds of a thread, nobody counts before.
  const unbounded = (params as ExtraParams).thread ? 'thread' : prompt.unbounded
  const measured = unbounded === 'thread' ? Number.POSITIVE_INFINITY : inputTokens
  const first = Math.min(measured, unbounded ? Number.POSITIVE_INFINITY : prompt.tokens)
  const advised = tools.advisors.reduce((sum, { uses, maxTokens = window }) => sum + uses * maxTokens, 0)
  const brought = (tools.uses && tools.uses * searchTokens) + tools.definitions * prompt.definition + advised
  const largest = Math.min(first + outputTokens + brought, window)
  const input = Math.min(first, window) + (tools.samplings - 1) * largest
  const cache = prompt.cache ?? (tools.samplings > 1 ? '5m' : undefined)
  const output = outputTokens * tools.samplings
  const bound = { input, prompt: largest, output, samplings: tools.samplings, cache }
  const iterations = extraWork(params, tools.advisors, bound)
  const cost = costOf(model, {
    ...inputUsage(input, cache),
    output_tokens: output,
    server_tool_use: { web_search_requests: tools.searches },
    iterations,
    speed: params.speed ?? null,
    // A workspace may keep inference in the US by default, a cloud in a region: all are as dear.
    inference_geo: params.inference_geo === 'global' ? null : 'us',
    service_tier: options.batch ? 'batch' : null,
  })
  if (!cost) {
    const models = [model, ...iterations.map((work) => work.model)].filter((name) => !modelRow(`${name}`))
    throw new ConfigError(`Under a budget there can be no model without a known price: ${models[0] ?? model}.`)
  }
  const searching = tools.uses && options.searchTokens === undefined ? searchAdvice : undefined
  return {
    // Each part of the real cost is rounded up on its own: at most one nano-dollar for each.
    nanoUsd: cost.nanoUsd + 4 * (1 + tools.samplings + iterations.length),
    outputTokens,
    advice: Number.isFinite(first) ? searching : countAdvice(unbounded),
    hidden: iterations.length > 0,
  }
}

/** `max_tokens`, but where thinking goes on between tool calls and has a budget beyond it: that ends with the window. */
function boundOutput({ max_tokens: maxTokens, thinking }: MessageParams, window: number): number {
  if (!Number.isSafeInteger(maxTokens) || maxTokens < 0) throw new ConfigError('max_tokens must be 0 or more.')
  return thinking?.type === 'enabled' && thinking.budget_tokens >= maxTokens ? Math.max(window, maxTokens) : maxTokens
}

const countAdvice = (part: string | undefined) =>
  `A ${part} counts as a full context window: count: 'api' has it measured.`
const searchAdvice = 'A web search counts as a full context window: searchTokens sets less.'
