import { createClient, type Message, type MessageParams } from '@enjamb/core'
import { describe, expect, it } from 'vitest'
import { callOne } from '../../../test/one-tool.ts'
import { page, serve } from '../../../test/serve.ts'
import { createAsk, createSearch } from './model-answers.ts'
import { webFetchTool } from './web-fetch-tool.ts'
import { type Search, webSearchTool } from './web-search-tool.ts'

const searching = (search: Search) => (input: object, signal?: AbortSignal) =>
  callOne(webSearchTool(search), input, signal)

/** A client whose network answers with these replies, one after the other, and the requests that it got. */
function answering(...replies: Partial<Message>[]) {
  const requests: MessageParams[] = []
  const client = createClient({
    apiKey: 'test',
    retry: { maxRetries: 0 },
    fetch: async (_, init) => {
      requests.push(JSON.parse(String(init?.body)))
      return Response.json({ stop_reason: 'end_turn', ...replies[requests.length - 1] })
    },
  })
  return { client, requests }
}

const text = (value: string) => ({ type: 'text', text: value, citations: null }) as Message['content'][number]
const found = (...content: object[]) =>
  ({ type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content }) as Message['content'][number]

describe('a search of your own', () => {
  it('gets what the model asked, and its results are listed', async () => {
    let asked: unknown
    const search = searching(async (input) => {
      asked = input
      return [
        { title: 'First\nresult', url: 'https://a.example/ ', text: ' It says\nso. ' },
        { title: 'Second', url: 'https://b.example/' },
      ]
    })
    const input = { query: ' node 24 ', allowed_domains: ['nodejs.org'] }
    expect((await search(input)).text).toBe(
      'First result\nhttps://a.example/\nIt says\nso.\n\nSecond\nhttps://b.example/',
    )
    expect(asked).toEqual({ ...input, query: 'node 24' })
  })

  it('may answer in words, or find nothing', async () => {
    expect((await searching(() => 'A summary.')({ query: 'it' })).text).toBe('A summary.')
    for (const nothing of ['', ' ', []]) {
      expect((await searching(() => nothing)({ query: 'it' })).text).toBe('Nothing was found.')
    }
  })

  it('is cut where it finds too much', async () => {
    const results = Array.from({ length: 100 }, (_, n) => ({ title: `${n}`, url: 'u', text: 'x'.repeat(9_000) }))
    const shown = (await searching(() => results)({ query: 'it' })).text.split('\n\n')
    expect(shown).toHaveLength(20)
    expect(shown[19]).toBe(`19\nu\n${'x'.repeat(2_000)}`)
  })

  it('tells the model what it threw', async () => {
    const search = searching(() => Promise.reject(new Error('quota used up')))
    expect(await search({ query: 'it' })).toMatchObject({ isError: true, text: expect.stringMatching('quota') })
  })

  it.each([
    {},
    { query: 'x' },
    { query: '   ' },
    { query: 'x'.repeat(1_001) },
    { query: 'it', allowed_domains: 'a' },
    { query: 'it', allowed_domains: ['a'], blocked_domains: ['b'] },
  ])('is not bothered with %j', async (input) => {
    const search = searching(() => expect.unreachable())
    expect(await search(input)).toMatchObject({ isError: true })
  })
})

describe('a search by the API', () => {
  it('is made by a small model, with a bound, and reported with its sources', async () => {
    const { client, requests } = answering(
      {
        stop_reason: 'pause_turn',
        content: [text('Let me see. '), found({ url: 'https://a.example', title: 'A\nb' })],
      },
      {
        content: [
          found({ url: 'https://a.example', title: 'A b' }, { url: 'https://c.example', title: 'C' }),
          text('Here.'),
        ],
      },
    )
    const { text: report } = await searching(createSearch(client))({ query: 'node 24', blocked_domains: ['x.example'] })
    expect(report).toBe('Let me see. Here.\n\nFound:\n- A b: https://a.example\n- C: https://c.example')
    expect(requests[0]).toMatchObject({
      model: 'claude-haiku-4-5',
      tools: [{ type: 'web_search_20250305', name: 'web_search', max_uses: 3, blocked_domains: ['x.example'] }],
    })
    expect(requests[1]?.messages).toMatchObject([{ role: 'user' }, { role: 'assistant', content: [{}, {}] }])
  })

  it('that failed says why', async () => {
    const error = { type: 'web_search_tool_result_error', error_code: 'too_many_requests' }
    const block = { type: 'web_search_tool_result', tool_use_id: 'a', content: error } as Message['content'][number]
    const { client } = answering({ content: [block, text('I could not search.')] })
    expect(await searching(createSearch(client))({ query: 'it' })).toMatchObject({
      isError: true,
      text: expect.stringMatching('too_many_requests'),
    })
  })

  it('ends although the model pauses for ever', async () => {
    const paused = { stop_reason: 'pause_turn', content: [text('.')] } as const
    const { client, requests } = answering(...Array(9).fill(paused))
    expect((await searching(createSearch(client, { model: 'claude-sonnet-5-5' }))({ query: 'it' })).text).toBe('......')
    expect(requests).toHaveLength(6)
    expect(requests[0]?.model).toBe('claude-sonnet-5-5')
  })
})

describe('a question about a page', () => {
  it('is answered by a small model', async () => {
    const { client, requests } = answering({ content: [text('Forty-two.')] })
    const { url } = await serve(page('the content', 'text/plain'))
    const tool = webFetchTool({ allowPrivateAddresses: true, ask: createAsk(client, { maxTokens: 99 }) })
    expect((await callOne(tool, { url, prompt: 'How many?' })).text).toBe('Forty-two.')
    expect(requests[0]).toMatchObject({ model: 'claude-haiku-4-5', max_tokens: 99 })
    expect(JSON.stringify(requests[0])).toContain('the content')
  })

  it('whose answer is cut off says so', async () => {
    const { client } = answering({ stop_reason: 'max_tokens', content: [text('Forty-')] })
    const { url } = await serve(page('the content', 'text/plain'))
    const tool = webFetchTool({ allowPrivateAddresses: true, ask: createAsk(client) })
    expect((await callOne(tool, { url, prompt: 'How many?' })).text).toMatch(/^Forty-\n\[The answer was too long/)
  })

  it('that is refused says so', async () => {
    const { client } = answering({ stop_reason: 'refusal', content: [] })
    const { url } = await serve(page('x', 'text/plain'))
    const tool = webFetchTool({ allowPrivateAddresses: true, ask: createAsk(client) })
    expect(await callOne(tool, { url, prompt: 'How?' })).toMatchObject({ isError: true })
  })
})
