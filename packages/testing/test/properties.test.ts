import Anthropic from '@anthropic-ai/sdk'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createAPIHandler, mockFetch, script } from '../src/index.ts'

const text = fc.string({ unit: 'grapheme', maxLength: 200 })
const toolCall = fc.record({
  name: fc.constant('tool'),
  input: fc.dictionary(text, fc.jsonValue()) as fc.Arbitrary<Record<string, never>>,
})
const turn = fc.record(
  {
    text,
    thinking: text,
    toolCalls: fc.array(toolCall, { maxLength: 3 }),
    chunkBytes: fc.integer({ min: 1, max: 100 }),
    pingEveryEvents: fc.integer({ min: 1, max: 9 }),
    emptyDeltas: fc.boolean(),
  },
  { requiredKeys: [] },
)
const hello = { model: 'claude-opus-5-5', max_tokens: 20_000, messages: [{ role: 'user' as const, content: 'Hi' }] }

it('streams any answer so that the official client puts together the whole one', async () => {
  await fc.assert(
    fc.asyncProperty(turn, fc.integer(), async (spec, seed) => {
      const fetch = mockFetch({ script: script([spec, spec]), seed })
      const client = new Anthropic({ apiKey: 'k', fetch, maxRetries: 0 })
      const whole = await client.messages.create({ ...hello, stream: false })
      const { parsed_output, ...streamed } = await client.messages.stream(hello).finalMessage()
      const plain = (message: object) => JSON.parse(JSON.stringify(message).replace(/(msg|toolu)_01\w{22}/g, '$1'))
      expect(plain(streamed)).toEqual(plain(whole))
    }),
    { numRuns: 60 },
  )
}, 20_000)

/** Bodies near good ones: each field that there is, with anything in it. */
const near = fc.record(
  {
    model: fc.constantFrom('claude-opus-5-5', 'claude-haiku-4-5', 'x'),
    max_tokens: fc.oneof(fc.constant(100), fc.jsonValue()),
    messages: fc.oneof(
      fc.array(
        fc.record({
          role: fc.constantFrom('user', 'assistant', 'system', 'x'),
          content: fc.oneof(
            fc.string(),
            fc.array(
              fc.oneof(
                fc.record(
                  {
                    type: fc.constantFrom('text', 'tool_use', 'tool_result', 'image', 'document', 'thinking', 'x'),
                    text: fc.string(),
                    id: fc.string(),
                    tool_use_id: fc.string(),
                    content: fc.jsonValue(),
                    source: fc.jsonValue(),
                    cache_control: fc.jsonValue(),
                  },
                  { requiredKeys: ['type'] },
                ),
                fc.jsonValue(),
              ),
            ),
            fc.jsonValue(),
          ),
        }),
      ),
      fc.jsonValue(),
    ),
    system: fc.jsonValue(),
    tools: fc.oneof(
      fc.array(
        fc.record({ name: fc.string(), type: fc.jsonValue(), input_schema: fc.jsonValue() }, { requiredKeys: [] }),
      ),
      fc.jsonValue(),
    ),
    tool_choice: fc.oneof(
      fc.record({ type: fc.constantFrom('auto', 'tool', 'any', 'none', 'x'), name: fc.string() }, { requiredKeys: [] }),
      fc.jsonValue(),
    ),
    thinking: fc.oneof(
      fc.record({ type: fc.constantFrom('enabled', 'adaptive', 'x'), budget_tokens: fc.jsonValue() }),
      fc.jsonValue(),
    ),
    output_config: fc.jsonValue(),
    thread: fc.jsonValue(),
    stream: fc.boolean(),
  },
  { requiredKeys: ['model', 'messages'] },
)

it('answers anything that is thrown at it with an answer or a 4xx, never with a failure of its own', async () => {
  const api = createAPIHandler()
  const paths = ['/v1/messages', '/v1/messages/count_tokens', '/v1/messages/batches']
  await fc.assert(
    fc.asyncProperty(near, fc.constantFrom(...paths), fc.boolean(), async (body, path, beta) => {
      const headers = {
        'x-api-key': 'k',
        'anthropic-version': '2023-06-01',
        ...(beta ? { 'anthropic-beta': 'x' } : {}),
      }
      const sent = path.endsWith('batches') ? { requests: body.messages } : body
      const response = await api(
        new Request(`http://x${path}`, { method: 'POST', headers, body: JSON.stringify(sent) }),
      )
      const said = await response.text()
      expect(response.status, said).toBeLessThan(500)
      if (response.status !== 200)
        expect(JSON.parse(said)).toMatchObject({ type: 'error', error: { message: expect.stringMatching(/\S/) } })
    }),
    { numRuns: 500 },
  )
}, 20_000)
