import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../errors/config-error.ts'
import { costOf } from '../../models/cost-of.ts'
import { models } from '../../models/models.generated.ts'
import type { PricedUsage } from '../../models/usage-by-model.ts'
import type { MessageParams } from '../../wire/index.ts'
import { boundCost } from './cost-bound.ts'
import { boundPrompt } from './prompt-bound.ts'

const hello: MessageParams = { model: 'opus', max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }] }
const priced = models.filter(({ prices }) => prices)

/** A request with more than our types know. */
function request(more: object): MessageParams {
  return { ...hello, ...more } as MessageParams
}

const cacheMarks = [
  undefined,
  { type: 'ephemeral' },
  { type: 'ephemeral', ttl: '5m' },
  { type: 'ephemeral', ttl: '1h' },
]

describe('boundCost', () => {
  it('is never less than what a call that keeps to its request can cost', () => {
    const calls = fc.record({
      model: fc.constantFrom(...priced),
      text: fc.string({ unit: 'grapheme', maxLength: 3_000 }),
      repeated: fc.constantFrom(1, 100),
      maxTokens: fc.nat(128_000),
      mark: fc.constantFrom(...cacheMarks),
      fast: fc.boolean(),
      geo: fc.constantFrom(undefined, 'us', 'global'),
      batch: fc.boolean(),
      shares: fc.tuple(fc.nat(100), fc.nat(100), fc.nat(100), fc.nat(100)),
    })
    fc.assert(
      fc.property(calls, ({ model, text, repeated, maxTokens, mark, fast, geo, batch, shares }) => {
        const speed = fast && model.prices?.fastMultiplier ? 'fast' : 'standard'
        const content = [{ type: 'text', text: text.repeat(repeated), cache_control: mark }]
        const params = request({
          model: model.id,
          max_tokens: maxTokens,
          messages: [{ role: 'user', content }],
          inference_geo: geo,
          speed,
        })
        // As many tokens as bytes, in whatever way the cache divides them.
        const tokens = Buffer.byteLength(JSON.stringify(params.messages))
        const total = shares[0] + shares[1] + shares[2] + shares[3] || 1
        const part = (share: number) => Math.floor((tokens * share) / total)
        const usage: PricedUsage = {
          input_tokens: part(shares[0]),
          cache_read_input_tokens: part(shares[1]),
          cache_creation: {
            ephemeral_5m_input_tokens: mark ? part(shares[2]) : 0,
            ephemeral_1h_input_tokens: mark?.ttl === '1h' ? part(shares[3]) : 0,
          },
          output_tokens: maxTokens,
          speed,
          // Where a request does not say, the workspace does.
          inference_geo: geo ?? 'us',
          service_tier: batch ? 'batch' : 'standard',
        }
        expect(boundCost(params, { batch }).nanoUsd).toBeGreaterThanOrEqual(costOf(model.id, usage)!.nanoUsd)
      }),
      { numRuns: 500 },
    )
  })

  it('takes the price of a long prompt from its threshold on', () => {
    const text = (length: number) =>
      request({ model: 'haiku', max_tokens: 0, messages: [{ role: 'user', content: 'a'.repeat(length) }] })
    const short = boundCost(text(90_000)).nanoUsd / 90_000
    expect(boundCost(text(120_000)).nanoUsd / 120_000).toBeGreaterThan(4 * short)
  })

  it.each([
    [
      'a PDF',
      { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' } },
      'document',
    ],
    ['a document by its URL', { type: 'document', source: { type: 'url', url: 'https://x.example' } }, 'document'],
    ['an uploaded document', { type: 'document', source: { type: 'file', file_id: 'f' } }, 'document'],
    ['a block of tomorrow', { type: 'hologram' }, 'hologram'],
  ])('takes %s for a whole context window, and says how it can be measured', (_, block, named) => {
    for (const content of [[block], [{ type: 'tool_result', tool_use_id: 't', content: [block] }]]) {
      const { nanoUsd, advice } = boundCost(request({ messages: [{ role: 'user', content }] }))
      expect(nanoUsd).toBeGreaterThan(1_000_000 * 4_000)
      expect(advice).toContain(`A ${named} counts as`)
      expect(advice).toContain(`count: 'api'`)
      const measured = boundCost(request({ messages: [{ role: 'user', content }] }), { inputTokens: 50 })
      expect(measured).toMatchObject({ advice: undefined })
      expect(measured.nanoUsd).toBeLessThan(1e7)
    }
  })

  it('lets thinking between tool calls use the whole context window where its budget says so', () => {
    const thinking = { type: 'enabled', budget_tokens: 5_000 }
    expect(boundCost(request({ thinking })).outputTokens).toBe(1_000_000)
    expect(boundCost(request({ thinking, max_tokens: 6_000 })).outputTokens).toBe(6_000)
  })

  it('counts every search and what it brings, up to the context window or what is bet on', () => {
    const search = { type: 'web_search_20250305', name: 'web_search', max_uses: 3 }
    const { nanoUsd, advice } = boundCost(request({ tools: [search] }))
    // Five readings of which four may fill the window, written to a cache.
    expect(nanoUsd).toBeGreaterThan(4 * 1_000_000 * 5_000)
    expect(advice).toContain('searchTokens')
    const bet = boundCost(request({ tools: [search] }), { searchTokens: 10_000 })
    expect(bet.advice).toBeUndefined()
    expect(bet.nanoUsd).toBeGreaterThan(3 * 10_000_000 + 4 * 30_000 * 5_000)
    expect(bet.nanoUsd).toBeLessThan(1.2e9)
  })

  it.each([
    ['a model that nobody has priced', { model: 'claude-new-9' }, 'claude-new-9'],
    ['fast mode where it has no price', { model: 'sonnet', speed: 'fast' }, 'sonnet'],
    ['a search without max_uses', { tools: [{ type: 'web_search_20260209', name: 'web_search' }] }, 'max_uses'],
    [
      'a fetch without max_uses',
      { tools: [{ type: 'web_fetch_20250910', name: 'web_fetch', max_uses: null }] },
      'max_uses',
    ],
    [
      'code execution',
      { tools: [{ type: 'code_execution_20260521', name: 'code_execution' }] },
      'code_execution_20260521',
    ],
    ['a tool of tomorrow', { tools: [{ type: 'teleport_20270101', name: 't' }] }, 'teleport_20270101'],
    ['MCP servers', { mcp_servers: [] }, 'mcp_servers'],
    ['models to fall back on that the API chooses', { fallbacks: 'default' }, 'fallbacks must be a list'],
    ['a model to fall back on without a price', { fallbacks: [{ model: 'claude-of-tomorrow' }] }, 'claude-of-tomorrow'],
    [
      'an advisor without max_uses',
      { tools: [{ type: 'advisor_20260301', name: 'advisor', model: 'opus' }] },
      'max_uses',
    ],
    ['an edit of tomorrow', { context_management: { edits: [{ type: 'rewrite_20270101' }] } }, 'rewrite_20270101'],
    ['a container', { container: { skills: [] } }, 'container'],
    ['no max_tokens', { max_tokens: undefined }, 'max_tokens'],
    ['half a token', { max_tokens: 0.5 }, 'max_tokens'],
    ['less than no tokens', { max_tokens: -1 }, 'max_tokens'],
    ['no number of tokens', { max_tokens: Number.NaN }, 'max_tokens'],
  ])('has none for %s', (_, more, named) => {
    expect(() => boundCost(request(more))).toThrow(ConfigError)
    expect(() => boundCost(request(more))).toThrow(named)
  })

  it('bounds compaction, advisors and fallbacks, each at the prices of its model', () => {
    const messages = [{ role: 'user', content: 'a'.repeat(200_000) }]
    const bound = (more: object) => boundCost(request({ messages, ...more })).nanoUsd
    const alone = bound({})
    const compaction = costOf('opus', { input_tokens: 200_000, output_tokens: 128_000 })!.nanoUsd
    expect(bound({ compaction: { type: 'summarize' } })).toBeGreaterThanOrEqual(alone + compaction)
    const edits = [{ type: 'compact_20260112' }, { type: 'clear_tool_uses_20250919' }]
    expect(bound({ context_management: { edits } })).toBeGreaterThanOrEqual(alone + compaction)
    expect(bound({ context_management: { edits: [edits[1]] } })).toBeLessThan(alone * 1.01)

    const advised = costOf('claude-fable-5-2', { input_tokens: 2_000_000, output_tokens: 2 * 4_096 })!.nanoUsd
    const advisor = { type: 'advisor_20260301', name: 'advisor', model: 'claude-fable-5-2' }
    expect(bound({ tools: [{ ...advisor, max_uses: 2, max_tokens: 4_096 }] })).toBeGreaterThanOrEqual(alone + advised)

    const again = costOf('claude-fable-5', { input_tokens: 200_000, output_tokens: 100 })!.nanoUsd
    expect(bound({ fallbacks: [{ model: 'claude-fable-5' }] })).toBeGreaterThanOrEqual(alone + again)
  })

  it('takes the thread that the server holds for a whole context window, whatever was counted of the rest', () => {
    const threaded = boundCost(request({ thread: { type: 'create' } }), { inputTokens: 50 })
    expect(threaded.nanoUsd).toBeGreaterThan(1_000_000 * 4_000)
    expect(threaded.advice).toContain('A thread counts as')
  })

  it('has one for all tools that the client runs, and for what is not given', () => {
    const tools = [
      'bash_20250124',
      'text_editor_20250728',
      'memory_20250818',
      'browser_toolset_20260801',
      'custom',
      null,
    ]
    const params = request({ tools: tools.map((type) => ({ type, name: 'x' })), container: null, stream: true })
    expect(boundCost(params).nanoUsd).toBeGreaterThan(3 * 4_000 * 4_000 + 20_000 * 4_000)
    expect(boundCost(request({ tools: [{ type: 'tool_search_tool_bm25', name: 't' }] })).nanoUsd).toBeLessThan(5e8)
  })
})

describe('boundPrompt', () => {
  it('is at least as long as the text in bytes, composed or not', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (texts) => {
        const { tokens } = boundPrompt(request({ system: texts.join(), messages: [] }))
        for (const form of ['NFC', 'NFKC'] as const) {
          expect(tokens).toBeGreaterThanOrEqual(Buffer.byteLength(texts.join().normalize(form)))
        }
      }),
    )
    // One character of three bytes that is eighteen in its compatibility form.
    expect(boundPrompt(request({ system: '\uFDFA'.repeat(1_000) })).tokens).toBeGreaterThan(33_000)
  })

  it('counts an image as its most tokens, wherever it stands, and not as its data', () => {
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'A'.repeat(1e6) } }
    const url = { type: 'image', source: { type: 'url', url: 'https://x.example' } }
    const nested = { type: 'tool_result', tool_use_id: 't', content: [image] }
    const page = { type: 'document', source: { type: 'content', content: [image] } }
    for (const block of [image, url, nested, page]) {
      const { tokens, unbounded } = boundPrompt(request({ messages: [{ role: 'user', content: [block] }] }))
      expect(tokens).toBeGreaterThan(4_784)
      expect(tokens).toBeLessThan(7_000)
      expect(unbounded).toBeUndefined()
    }
  })

  it('takes data in a tool call for the text that it is', () => {
    const input = { type: 'image', source: { type: 'base64', data: 'A'.repeat(10_000) } }
    const content = [{ type: 'tool_use', id: 't', name: 'n', input: [input] }]
    expect(boundPrompt(request({ messages: [{ role: 'assistant', content }] })).tokens).toBeGreaterThan(10_000)
  })

  it('counts a definition for each time that a result names it', () => {
    const tools = [{ name: 'big', description: 'x'.repeat(5_000), input_schema: { type: 'object' } }]
    const named = Array.from({ length: 10 }, () => ({ type: 'tool_reference', tool_name: 'big' }))
    const content = [{ type: 'tool_search_tool_result', tool_use_id: 't', content: { tool_references: named } }]
    expect(boundPrompt(request({ tools, messages: [{ role: 'assistant', content }] })).tokens).toBeGreaterThan(55_000)
  })

  it('passes over what a failed fetch left, and over a text document', () => {
    const content = [
      { type: 'web_fetch_tool_result', tool_use_id: 't', content: { type: 'web_fetch_tool_result_error' } },
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'Hi' } },
    ]
    expect(boundPrompt(request({ messages: [{ role: 'user', content }] })).unbounded).toBeUndefined()
  })

  it('knows a cache mark from talk of one', () => {
    const said = (text: string) => boundPrompt(request({ messages: [{ role: 'user', content: text }] })).cache
    expect(said('"cache_control":{"ttl":"1h"}')).toBeUndefined()
    expect(boundPrompt(request({ cache_control: { type: 'ephemeral' } })).cache).toBe('5m')
    expect(boundPrompt(request({ cache_control: { type: 'ephemeral', ttl: '1h' } })).cache).toBe('1h')
    expect(boundPrompt(request({ cache_control: null })).cache).toBeUndefined()
  })
})
