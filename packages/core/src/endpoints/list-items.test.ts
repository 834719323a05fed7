import Anthropic from '@anthropic-ai/sdk'
import { afterEach, describe, expect, it } from 'vitest'
import { errorBody, type LocalServer, reply, serve } from '../../test/serve.ts'
import { type ClientOptions, createClient, listBatches, listFiles, listModels, type ModelInfo } from '../index.ts'

const servers: LocalServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

const item = (id: string) => ({ id })
const page = (ids: string, has_more: boolean) => ({
  data: [...ids].map(item),
  has_more,
  first_id: ids[0] ?? null,
  last_id: ids.at(-1) ?? null,
})

async function setUp(answers: unknown[], options: ClientOptions = {}) {
  const server = await serve((response, attempt) => {
    const answer = answers[Math.min(attempt, answers.length - 1)]
    if (typeof answer === 'number') reply(response, answer, errorBody('api_error'))
    else reply(response, 200, answer)
  })
  servers.push(server)
  const client = createClient({ apiKey: 'k', baseURL: server.url, retry: { baseDelayMs: 0 }, ...options })
  return { client, urls: () => server.received.map(({ url }) => url) }
}

async function idsOf(items: AsyncIterable<{ id: string }>): Promise<string> {
  let ids = ''
  for await (const { id } of items) ids += id
  return ids
}

describe('a list', () => {
  it('goes on with the item after the last one of a page, to the page that says it is the last', async () => {
    const { client, urls } = await setUp([page('ab', true), page('cd', true), page('e', false)])
    expect(await idsOf(listModels(client, { limit: 2 }))).toBe('abcde')
    expect(urls()).toEqual(['', '&after_id=b', '&after_id=d'].map((more) => `/v1/models?limit=2${more}`))
  })

  it('begins where it is told', async () => {
    const { client, urls } = await setUp([page('c', true), page('d', false)])
    expect(await idsOf(listBatches(client, { after_id: 'b' }))).toBe('cd')
    expect(urls()).toEqual(['/v1/messages/batches?after_id=b', '/v1/messages/batches?after_id=c'])
  })

  it('goes backwards from an item, page by page', async () => {
    const { client, urls } = await setUp([page('cd', true), page('ab', false)])
    expect(await idsOf(listModels(client, { before_id: 'e' }))).toBe('cdab')
    expect(urls()).toEqual(['/v1/models?before_id=e', '/v1/models?before_id=c'])
  })

  it('follows the pages that the answer names', async () => {
    const { client, urls } = await setUp([
      { data: [item('a')], next_page: 'page_&2' },
      { data: [], next_page: 'page_3' },
      { data: [item('b')], next_page: null },
    ])
    expect(await idsOf(listFiles(client, { page: null }))).toBe('ab')
    expect(urls()).toEqual(['/v1/files', '/v1/files?page=page_%262', '/v1/files?page=page_3'])
  })

  it('of none is none', async () => {
    expect(await idsOf(listModels((await setUp([page('', false)])).client))).toBe('')
    expect(await idsOf(listModels((await setUp([page('', true)])).client))).toBe('')
    expect(await idsOf(listModels((await setUp([{ data: [item('a')] }])).client))).toBe('a')
  })

  it('asks for a page when the one before is used up, and for none where nobody asks', async () => {
    const { client, urls } = await setUp([page('ab', true), page('c', false)])
    const models: AsyncGenerator<ModelInfo> = listModels(client)
    await new Promise((resolve) => setImmediate(resolve))
    expect(urls()).toHaveLength(0)
    await models.next()
    await models.next()
    expect(urls()).toHaveLength(1)
    await models.next()
    expect(urls()).toHaveLength(2)
    for await (const _ of listModels(client)) break
    expect(urls()).toHaveLength(3)
  })

  it('asks again for a page that failed, and for no other', async () => {
    const { client, urls } = await setUp([page('a', true), 500, page('b', false)])
    expect(await idsOf(listModels(client))).toBe('ab')
    expect(urls()).toEqual(['/v1/models', '/v1/models?after_id=a', '/v1/models?after_id=a'])
  })

  it('throws what a page comes to, after the items before it', async () => {
    const { client } = await setUp([page('ab', true), 401])
    const seen: string[] = []
    const run = async () => {
      for await (const { id } of listModels(client)) seen.push(id)
    }
    await expect(run()).rejects.toMatchObject({ code: 'authentication' })
    expect(seen).toEqual(['a', 'b'])
  })

  it('ends where a gateway gives the same page for ever', async () => {
    const { client, urls } = await setUp([page('ab', true)])
    await expect(idsOf(listModels(client))).rejects.toMatchObject({ code: 'stream_parse' })
    expect(urls()).toHaveLength(2)
  })

  it.each([[null], [[]], ['models'], [{}], [{ data: null }], [{ data: { length: 2 } }]])(
    'is not %j, which is a StreamParseError',
    async (answer) => {
      await expect(idsOf(listModels((await setUp([answer])).client))).rejects.toMatchObject({ code: 'stream_parse' })
    },
  )

  it('ends at an abort, between pages too', async () => {
    const controller = new AbortController()
    const { client, urls } = await setUp([page('a', true)])
    const models = listModels(client, {}, { signal: controller.signal })
    await models.next()
    controller.abort('enough')
    await expect(models.next()).rejects.toMatchObject({ code: 'request_aborted', cause: 'enough' })
    expect(urls()).toHaveLength(1)
  })
})

describe('a query with several values', () => {
  it('has the name with brackets once for each, beside all others', async () => {
    const { client, urls } = await setUp([page('', false)])
    await idsOf(listModels(client, { lifecycle: ['active', 'retired'], limit: 5 }))
    await idsOf(listFiles(client, { ids: ['file_1', 'a&b'] }))
    await idsOf(listFiles(client, { ids: ['file_1'] }, { betas: ['some-beta'] }))
    await idsOf(listFiles(client, { ids: [] }))
    await idsOf(listFiles(client, { ids: null }))
    expect(urls().map(decodeURIComponent)).toEqual([
      '/v1/models?lifecycle[]=active&lifecycle[]=retired&limit=5',
      '/v1/files?ids[]=file_1&ids[]=a&b',
      '/v1/files?ids[]=file_1&beta=true',
      '/v1/files',
      '/v1/files',
    ])
    expect(urls()[1]).toBe('/v1/files?ids%5B%5D=file_1&ids%5B%5D=a%26b')
  })

  it('is the one that the official client asks with', async () => {
    const asked: string[] = []
    const fetch = async (input: unknown) => {
      asked.push(new URL(String(input)).search)
      return Response.json({ data: [] })
    }
    const ids = ['file_1', 'a&b=c', 'ä ö']
    await idsOf(listFiles(createClient({ apiKey: 'k', fetch }), { ids }))
    await idsOf(new Anthropic({ apiKey: 'k', fetch }).files.list({ ids }))
    const [ours, theirs] = asked.map((search) => [...new URLSearchParams(search)])
    expect(ours).toEqual(theirs)
    expect(ours).toHaveLength(3)
  })

  it('has them on every page', async () => {
    const { client, urls } = await setUp([page('a', true), page('b', false)])
    await idsOf(listModels(client, { lifecycle: ['retired'] }))
    expect(urls().map(decodeURIComponent)).toEqual([
      '/v1/models?lifecycle[]=retired',
      '/v1/models?lifecycle[]=retired&after_id=a',
    ])
  })
})
