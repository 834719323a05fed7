import { describe, expect, it } from 'vitest'
import { createAPIHandler } from '../api-handler.ts'

const api = createAPIHandler()
const ok = { model: 'claude-haiku-4-5', max_tokens: 2000, messages: [{ role: 'user', content: 'Hi' }] }
const old = { 'anthropic-version': '2023-06-01' }
const tool = { name: 'read', input_schema: { type: 'object' } }
const use = (id: string) => ({ type: 'tool_use', id, name: 'read', input: {} })
const result = (id: string) => ({ type: 'tool_result', tool_use_id: id, content: 'x' })
const search = (id: string) => ({ type: 'server_tool_use', id, name: 'web_search', input: { query: 'x' } })
const found = (id: string) => ({ type: 'web_search_tool_result', tool_use_id: id, content: [] })
const turns = (...contents: unknown[]) => ({
  messages: contents.map((content, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content })),
})
const marked = (ttl?: string) => ({
  type: 'text',
  text: 'x',
  cache_control: { type: 'ephemeral', ...(ttl ? { ttl } : {}) },
})

async function ask(body: unknown, headers: Record<string, string> = {}, path = '/v1/messages') {
  const response = await api(
    new Request(`http://mock${path}`, {
      method: 'POST',
      headers: { 'x-api-key': 'k', 'anthropic-version': '2026-10-21', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  )
  const { error, request_id } = (await response.json()) as {
    error?: { type: string; message: string }
    request_id?: string
  }
  if (error) expect(request_id).toBe(response.headers.get('request-id'))
  return error ? `${response.status} ${error.type}: ${error.message}` : response.status
}

/** Each line: what is changed in a good request, and what the API says of it. */
const refused: [change: object, message: string, headers?: Record<string, string>][] = [
  [{ model: undefined }, 'model: Field required'],
  [{ max_tokens: undefined }, 'max_tokens: Field required'],
  [{ messages: undefined }, 'messages: Field required'],
  [{ max_tokens: 'many' }, 'max_tokens: Input should be a valid integer'],
  [{ max_tokens: 1.5 }, 'max_tokens: Input should be a valid integer'],
  [{ max_tokens: -1 }, 'max_tokens: Input should be greater than or equal to 0'],
  [
    { max_tokens: 64_001 },
    'max_tokens: 64001 > 64000, which is the maximum allowed number of output tokens for claude-haiku-4-5',
  ],
  [{ xyz: 1 }, 'xyz: Extra inputs are not permitted'],
  [{ stream: 'yes' }, 'stream: Input should be a valid boolean'],
  [{ metadata: { user_id: 'x'.repeat(257) } }, 'metadata.user_id: String should have at most 256 characters'],
  [{ temperature: 1 }, 'temperature: Extra inputs are not permitted'],
  [{ top_p: 1 }, 'top_p: Extra inputs are not permitted'],
  [{ top_k: 1 }, 'top_k: Extra inputs are not permitted'],
  [{ temperature: 2 }, 'temperature: Input should be less than or equal to 1', old],
  [{ stop_sequences: [' '] }, 'stop_sequences: each stop sequence must contain non-whitespace'],
  [{ messages: 'Hi' }, 'messages: Input should be a valid list'],
  [{ messages: [] }, 'messages: at least one message is required'],
  [{ messages: [{ role: 'bot', content: 'x' }] }, "messages.0.role: Input should be 'user', 'assistant' or 'system'"],
  [{ messages: [{ role: 'user' }] }, 'messages.0.content: Field required'],
  [{ messages: [{ role: 'user', content: 1 }] }, 'messages.0.content: Input should be a valid list'],
  [{ messages: [{ role: 'user', content: 'x', name: 'Jo' }] }, 'messages.0.name: Extra inputs are not permitted'],
  [{ messages: [{ role: 'assistant', content: 'x' }] }, 'messages: first message must use the "user" role'],
  [turns(''), 'messages.0: all messages must have non-empty content except for the optional final assistant message'],
  [turns([]), 'messages.0: all messages must have non-empty content except for the optional final assistant message'],
  [turns([{ type: 'text', text: '' }]), 'messages: text content blocks must be non-empty'],
  [turns([{ type: 'text', text: ' \n' }]), 'messages: text content blocks must contain non-whitespace text'],
  [{ system: [{ type: 'text', text: '' }] }, 'system: text content blocks must be non-empty'],
  [{ system: [{ type: 'text', text: 'x', y: 1 }] }, 'system.0.y: Extra inputs are not permitted'],
  [turns([{ type: 'text' }]), 'messages.0.content.0.text.text: Field required'],
  [turns([{ text: 'x' }]), 'messages.0.content.0.type: Field required'],
  [
    turns([{ type: 'image', source: { type: 'base64', media_type: 'image/bmp', data: '' } }]),
    "messages.0.content.0.image.source.base64.media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'",
  ],
  [
    turns([{ type: 'text', text: 'x', cache_control: { type: 'ephemeral', scope: 'global' } }]),
    'messages.0.content.0.text.cache_control.ephemeral.scope: Extra inputs are not permitted',
  ],
  [{ tools: [{ name: 'x' }] }, 'tools.0.custom.input_schema: Field required'],
  [{ tools: [{ name: 'x', input_schema: {} }] }, 'tools.0.custom.input_schema.type: Field required'],
  [{ tools: [{ ...tool, name: 'a b' }] }, "tools.0.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'"],
  [{ tools: [{ ...tool, run: 1 }] }, 'tools.0.custom.run: Extra inputs are not permitted'],
  [{ tools: [tool, tool] }, 'tools: Tool names must be unique.'],
  [{ tool_choice: { type: 'auto' } }, 'tool_choice: tool_choice may only be specified while providing tools.'],
  [{ tools: [tool], tool_choice: { type: 'tool', name: 'x' } }, "Tool 'x' not found in provided tools"],
  [{ tools: [tool], tool_choice: { type: 'tool' } }, 'tool_choice.tool.name: Field required'],
  [
    turns('x', [use('toolu_1')], 'never mind'),
    'messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_1. Each `tool_use` block must have a corresponding `tool_result` block in the next message.',
  ],
  [
    turns('x', [use('toolu_1'), use('toolu_2')], [result('toolu_1')]),
    'messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_2. Each `tool_use` block must have a corresponding `tool_result` block in the next message.',
  ],
  [
    turns('x', [use('toolu_1')]),
    'messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_1. Each `tool_use` block must have a corresponding `tool_result` block in the next message.',
  ],
  [
    turns('x', [use('toolu_1')], [{ type: 'text', text: 'Here:' }, result('toolu_1')]),
    'messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_1. Each `tool_use` block must have a corresponding `tool_result` block in the next message.',
  ],
  [
    // Results of one turn's calls have to stand in one message.
    {
      messages: [
        ...turns('x', [use('toolu_1'), use('toolu_2')], [result('toolu_1')]).messages,
        { role: 'user', content: [result('toolu_2')] },
      ],
    },
    'messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_2. Each `tool_use` block must have a corresponding `tool_result` block in the next message.',
  ],
  [
    turns('x', [search('srvtoolu_1')], 'never mind'),
    'messages.1: `web_search` tool use with id `srvtoolu_1` was found without a corresponding `web_search_tool_result` block',
  ],
  [
    turns('x', [search('srvtoolu_1'), found('srvtoolu_2'), search('srvtoolu_2')], 'and?'),
    'messages.1: `web_search` tool use with id `srvtoolu_1` was found without a corresponding `web_search_tool_result` block',
  ],
  [
    turns('x', 'y', [result('toolu_9')]),
    'messages.2.content.0: unexpected `tool_use_id` found in `tool_result` blocks: toolu_9. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.',
  ],
  [
    turns('x', [use('toolu_1')], [result('toolu_1')], 'y', [result('toolu_1')]),
    'messages.4.content.0: unexpected `tool_use_id` found in `tool_result` blocks: toolu_1. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.',
  ],
  [
    turns('x', [use('toolu_1')], [result('toolu_1'), result('toolu_1')]),
    'messages.2.content.1: each `tool_use` must have a single result. Found multiple `tool_result` blocks with id: toolu_1',
  ],
  [turns('x', [use('toolu_1'), use('toolu_1')]), 'messages.1.content.1: `tool_use` ids must be unique'],
  [turns('x', [use('a.b')]), "messages.1.content.0.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'"],
  [
    turns('x', [{ ...use('a'), input: 'x' }]),
    'messages.1.content.0.tool_use.input: Input should be a valid dictionary',
  ],
  [
    turns([marked(), marked(), marked(), marked(), marked()]),
    'A maximum of 4 blocks with cache_control may be provided. Found 5.',
  ],
  [
    turns([marked(), marked('1h')]),
    "messages.0.content.1.cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. Note that blocks are processed in the following order: `tools`, `system`, `messages`.",
  ],
  [
    { thinking: { type: 'enabled', budget_tokens: 1023 } },
    'thinking.enabled.budget_tokens: Input should be greater than or equal to 1024',
  ],
  [
    { thinking: { type: 'enabled', budget_tokens: 2000 } },
    '`max_tokens` must be greater than `thinking.budget_tokens`. Please consult our documentation.',
  ],
  [{ thinking: { type: 'adaptive' } }, 'adaptive thinking is not supported on this model'],
  [{ output_config: { effort: 'low' } }, 'This model does not support the effort parameter.'],
  [
    { thinking: { type: 'enabled', budget_tokens: 1024 }, tools: [tool], tool_choice: { type: 'any' } },
    'Thinking may not be enabled when tool_choice forces tool use.',
  ],
  [turns('x', 'y '), 'messages: final assistant content cannot end with trailing whitespace'],
  [
    { model: 'claude-opus-5-5', ...turns('x', 'y') },
    'This model does not support assistant message prefill. The conversation must end with a user message.',
  ],
  [turns('x'.repeat(900_000)), 'prompt is too long: 225004 tokens > 200000 maximum'],
  [
    turns([{ type: 'text', text: 'x', citations: [{ type: 'char_location' }] }]),
    'messages.0.content.0.text.citations: Extra inputs are not permitted',
  ],
  [
    turns('x', [{ type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'x' } }], 'y'),
    'messages.1.content.0: `document` blocks are not permitted in `assistant` messages',
  ],
  [
    turns('x', [{ type: 'thinking', thinking: 'hm', signature: '' }], 'y'),
    'messages.1.content.0: Invalid `signature` in `thinking` block',
  ],
]

describe('a request that the API would refuse', () => {
  it.each(refused.map(([change, message, headers]) => ({ change, message, headers })))(
    'is a 400: $message',
    async ({ change, message, headers }) => {
      expect(await ask({ ...ok, ...change }, headers)).toBe(`400 invalid_request_error: ${message}`)
    },
  )

  it('is a 400 with the tags to choose from, where a block has an unknown type', async () => {
    const said = await ask({ ...ok, ...turns([{ type: 'video' }]) })
    expect(said).toMatch(
      /^400 invalid_request_error: messages\.0\.content\.0: Input tag 'video' found using 'type' does not match any of the expected tags: 'text', 'image', /,
    )
    expect(await ask({ ...ok, tools: [{ type: 'nope', name: 'x' }] })).toContain(
      "tools.0: Input tag 'nope' found using 'type'",
    )
  })

  it('is a 400 where the body is no JSON object', async () => {
    expect(await ask('{')).toMatch(/^400 invalid_request_error: The request body is not valid JSON: /)
    expect(await ask('[]')).toBe('400 invalid_request_error: Input should be a valid dictionary')
  })

  it('is a 401 without a key, and a 400 without a version', async () => {
    expect(await ask(ok, { 'x-api-key': ' ' })).toBe('401 authentication_error: x-api-key header is required')
    expect(await ask(ok, { 'anthropic-version': '' })).toBe(
      '400 invalid_request_error: anthropic-version: header is required',
    )
  })

  it('is a 400 with a version that there is not', async () => {
    expect(await ask(ok, { 'anthropic-version': '2023-06-01, 2023-06-01' })).toBe(
      '400 invalid_request_error: anthropic-version: "2023-06-01, 2023-06-01" is not a valid version',
    )
  })

  it('is a 401 where an OAuth token comes as a key, or without its beta', async () => {
    expect(await ask(ok, { 'x-api-key': 'sk-ant-oat01-x' })).toBe('401 authentication_error: invalid x-api-key')
    const bearer = { 'x-api-key': '', authorization: 'Bearer sk-ant-oat01-x' }
    expect(await ask(ok, bearer)).toBe('401 authentication_error: OAuth authentication is currently not supported.')
    expect(await ask(ok, { ...bearer, 'anthropic-beta': 'oauth-2025-04-20' })).toBe(200)
  })

  it('is a 404 for an unknown model or path, a 405 for a wrong method', async () => {
    expect(await ask({ ...ok, model: 'gpt-4' })).toBe('404 not_found_error: model: gpt-4')
    expect(await ask(ok, {}, '/v1/complete')).toBe('404 not_found_error: Not Found')
    expect(await ask(ok, {}, '/v1/models')).toBe('405 invalid_request_error: Method Not Allowed')
  })

  it('is a 413 past the limit, whether or not its length is announced', async () => {
    const small = createAPIHandler({ maxBodyBytes: 100 })
    const init = { method: 'POST', headers: { 'x-api-key': 'k', 'anthropic-version': '2026-10-21' } }
    const announced = await small(new Request('http://mock/v1/messages', { ...init, body: 'x'.repeat(101) }))
    const body = new Blob(['x'.repeat(101)]).stream()
    const streamed = await small(
      new Request('http://mock/v1/messages', { ...init, body, duplex: 'half' } as RequestInit),
    )
    expect([announced.status, streamed.status]).toEqual([413, 413])
  })
})

describe('a request that the API accepts', () => {
  it.each<[string, object, Record<string, string>?]>([
    ['with sampling parameters, under the older version', { temperature: 0.5, top_k: 4 }, old],
    [
      'with tools and their results',
      turns('x', [use('a'), use('b')], [result('b'), result('a'), { type: 'text', text: 'ok' }]),
    ],
    ['with searches and what they found', turns('x', [search('a'), found('a'), { type: 'text', text: 'ok' }], 'y')],
    ['that goes on with a paused search', turns('x', [search('a')])],
    ['that answers its own calls while a search is open', turns('x', [search('a'), use('b')], [result('b')])],
    ['with several messages of one role', { messages: [ok.messages[0], ok.messages[0]] }],
    [
      'with instructions in the middle',
      { model: 'claude-opus-5', messages: [ok.messages[0], { role: 'system', content: 'Now in French.' }] },
    ],
    ['that begins the answer, where the model allows it', turns('x', 'The answer is')],
    [
      'with a beta block, given a beta header',
      turns('x', [{ type: 'compaction', content: 'x' }], 'y'),
      { 'anthropic-beta': 'compact-2026-01-12' },
    ],
    [
      'that has a conversation summed up which ends in an answer, given a beta header',
      { ...turns('x', 'y'), model: 'claude-opus-5-5', compaction: { type: 'summarize' } },
      { 'anthropic-beta': 'compact-2026-09-04' },
    ],
    [
      'with a beta field in the middle, given a beta header',
      turns([{ type: 'text', text: 'x', cache_control: { type: 'ephemeral', scope: 'global' } }]),
      { 'anthropic-beta': 'prompt-caching-scope-2026-01-05' },
    ],
    ['with explicit nulls', { metadata: { user_id: null }, cache_control: null, container: null, speed: null }],
    ['that only fills the cache', { max_tokens: 0 }],
    ['with server tools', { tools: [{ type: 'web_search_20250305', name: 'web_search', max_uses: 1 }, tool] }],
    ['in another system of writing', turns([{ type: 'text', text: '𝄞 日本語' }])],
  ])('%s', async (_, change, headers) => {
    expect(await ask({ ...ok, ...change }, headers)).toBe(200)
  })

  it('takes back the thinking it gave, and refuses it changed', async () => {
    const thinking = { type: 'enabled', budget_tokens: 1024 }
    const response = await api(
      new Request('http://mock/v1/messages', {
        method: 'POST',
        headers: { 'x-api-key': 'k', 'anthropic-version': '2026-10-21' },
        body: JSON.stringify({ ...ok, thinking, tools: [tool], messages: [{ role: 'user', content: 'call read' }] }),
      }),
    )
    const { content } = (await response.json()) as {
      content: [{ type: string; thinking: string }, { type: string }, { id: string }]
    }
    const after = (first: object) => turns('call read', [first, content[1], content[2]], [result(content[2].id)])
    expect(content[0].type).toBe('thinking')
    expect(await ask({ ...ok, thinking, ...after(content[0]) })).toBe(200)
    expect(await ask({ ...ok, thinking, ...after({ ...content[0], thinking: 'other' }) })).toContain(
      'cannot be modified',
    )
    expect(await ask({ ...ok, thinking, ...turns('x', [content[2]], [result(content[2].id)]) })).toContain(
      'Expected `thinking` or `redacted_thinking`, but found `tool_use`',
    )
  })
})

it('counts the tokens of a prompt, and refuses what only an answer has', async () => {
  const { max_tokens, ...prompt } = ok
  expect(await ask(prompt, {}, '/v1/messages/count_tokens')).toBe(200)
  expect(await ask(ok, {}, '/v1/messages/count_tokens')).toBe(
    '400 invalid_request_error: max_tokens: Extra inputs are not permitted',
  )
})
