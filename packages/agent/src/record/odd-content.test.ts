import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Entry } from '../index.ts'
import { toHTMLTrace, toLog, toMarkdown, toMetadata } from './index.ts'

const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom('<script>', '</pre>', '`````', '\u202e', '\x1b[2J', '\ud83d', '__proto__', '&lt;'),
  fc.string({ unit: 'binary' }),
) as fc.Arbitrary<never>
const text = odd.map((value) => `${typeof value === 'string' ? value : JSON.stringify(value)}`) as fc.Arbitrary<never>
const id = fc.constantFrom('a', 'b', 'c')
const block = fc.oneof(
  fc.record({ type: fc.constant('text'), text }),
  fc.record({ type: fc.constant('thinking'), thinking: text }),
  fc.record({ type: fc.constantFrom('tool_use', 'server_tool_use'), id, name: text, input: odd }),
  fc.record({
    type: fc.constantFrom('web_search_tool_result', 'tool_result', 'image', 'document', 'hologram'),
    content: odd,
    source: odd,
    title: odd,
  }),
)
const content = fc.oneof(text, fc.array(block, { maxLength: 4 }))
const call = fc.record({ type: fc.constant('tool_use'), id, name: text, input: odd })
const message = fc.record({
  model: fc.constantFrom('claude-sonnet-5-5', 'nobody-1'),
  content: fc.array(block, { maxLength: 4 }),
  stop_reason: fc.constantFrom('end_turn', 'tool_use', 'refusal', null),
  usage: fc.record({ input_tokens: fc.nat(1e6), output_tokens: fc.nat(1e6) }),
})

/** What is in entries may be anything; that they are entries is the store's affair. */
const body = fc.oneof(
  fc.record({
    type: fc.constant('session'),
    id: text,
    frozen: fc.record({ model: text, system: text, tools: fc.array(fc.record({ name: odd })) }),
    title: text,
  }),
  fc.record({ type: fc.constant('prompt'), id, content, by: text }),
  fc.record({ type: fc.constantFrom('reply', 'part'), message, why: text, requestId: text }),
  fc.record({ type: fc.constant('intent'), call, key: text }),
  fc.record({ type: fc.constant('result'), id, content, isError: fc.boolean(), ms: fc.nat(1e4) }),
  fc.record({ type: fc.constant('pending'), id, call, kind: fc.constantFrom('approval', 'question', 'client_tool') }),
  fc.record({ type: fc.constant('decision'), id, allow: fc.boolean(), input: odd, reason: text, by: text, content }),
  fc.record({ type: fc.constant('spawn'), id, agent: text, session: id }),
  fc.record({ type: fc.constant('checkpoint'), path: text, before: fc.constant(null) }),
  fc.record({ type: fc.constant('compaction'), upTo: fc.nat(9), summary: text }),
  fc.record({ type: fc.constant('rewind'), to: fc.nat(9), files: fc.array(text) }),
  fc.record({
    type: fc.constant('note'),
    name: fc.oneof(text, fc.constantFrom('stderr', 'unparsed', 'tool_host')),
    data: odd,
  }),
  fc.record({
    type: fc.constantFrom('turn'),
    status: fc.constantFrom('completed', 'waiting', 'failed'),
    error: fc.record({ name: text, message: text }),
  }),
  fc.record({ type: text, data: odd }),
)
const journal = fc
  .array(body, { maxLength: 25 })
  .map((bodies) =>
    bodies.map(
      (one, n) => ({ v: 1, seq: n + 1, at: new Date(1e12 + 500 * n).toISOString(), ...one }) as unknown as Entry,
    ),
  )

/** The tags of a page, in their order. */
const tags = (html: string) => html.match(/<[^>]*>/g) ?? []
const known =
  /^<(\/?(html|head|body|main|h1|h4|div|span|details|summary|pre|p|dl|dt|dd|b|i|em|code|style|title|script|section)|!doctype html|meta|img)\b/

// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
const acting = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]|\p{Cs}/u

it('whatever was said, it is told, and is nothing but text', () => {
  fc.assert(
    fc.property(journal, (entries) => {
      const html = toHTMLTrace(entries, { children: { a: entries, b: entries.slice(3) } })
      expect(tags(html).filter((tag) => !known.test(tag))).toEqual([])
      expect(html.match(/<script/g)).toHaveLength(1)
      for (const told of [html, toLog(entries), toMarkdown(entries)]) expect(told).not.toMatch(acting)
      expect(toMetadata(entries).duration_s).toBeGreaterThanOrEqual(0)
    }),
    { numRuns: 200 },
  )
})
