import Anthropic, { toFile } from '@anthropic-ai/sdk'
import {
  batchResults,
  cancelBatch,
  checkHealth,
  createBatch,
  createClient,
  deleteBatch,
  deleteFile,
  downloadFile,
  listBatches,
  listFiles,
  listModels,
  type MessageParams,
  NotFoundError,
  retrieveBatch,
  retrieveFile,
  retrieveModel,
  uploadFile,
} from '@enjamb/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMockServer, type MockServer } from './mock-server.ts'

let server: MockServer
beforeAll(async () => {
  server = await createMockServer()
})
afterAll(() => server.close())

const setUp = () => ({
  client: createClient({ apiKey: 'k', baseURL: server.url }),
  official: new Anthropic({ apiKey: 'k', baseURL: server.url }),
})

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

const params = (content: string): MessageParams => ({
  model: 'claude-haiku-4-5',
  max_tokens: 50,
  messages: [{ role: 'user', content }],
})

describe('models', () => {
  it('are those that the official client lists, whatever the size of a page', async () => {
    const { client, official } = setUp()
    const expected = await all(official.models.list())
    expect(expected.length).toBeGreaterThan(5)
    for (const limit of [1, 3, 1000]) expect(await all(listModels(client, { limit }))).toEqual(expected)
    expect(await all(listModels(client))).toEqual(expected)
  })

  it('can be listed from one on, and up to one, as with the official client', async () => {
    const { client, official } = setUp()
    const ids = (await all(listModels(client))).map(({ id }) => id)
    for (const query of [{ after_id: ids[2]! }, { before_id: ids[4]!, limit: 2 }, { before_id: ids[0]! }]) {
      expect(await all(listModels(client, query))).toEqual(await all(official.models.list(query)))
    }
  })

  it('are described one by one', async () => {
    const { client, official } = setUp()
    expect(await retrieveModel(client, 'claude-haiku-4-5')).toEqual(await official.models.retrieve('claude-haiku-4-5'))
    await expect(retrieveModel(client, 'claude-nothing')).rejects.toThrow(NotFoundError)
  })
})

describe('a batch', () => {
  const requests = ['one', 'two', 'three'].map((word) => ({ custom_id: word, params: params(`Say ${word}`) }))

  it('runs from its creation to its results and its end, and the official client sees the same', async () => {
    const { client, official } = setUp()
    const bad = { custom_id: 'bad', params: { ...params('x'), max_tokens: -1 } }
    const { id } = await createBatch(client, { requests: [...requests, bad] })
    const batch = await retrieveBatch(client, id)
    expect(batch).toMatchObject({ processing_status: 'ended', request_counts: { succeeded: 3, errored: 1 } })
    expect(batch).toEqual(await official.messages.batches.retrieve(id))

    const results = await all(batchResults(client, id))
    expect(results).toEqual(await all(await official.messages.batches.results(id)))
    const texts = results.map(({ custom_id, result }) => [
      custom_id,
      result.type === 'succeeded' && result.message.content[0]?.type === 'text' && result.message.content[0].text,
    ])
    expect(Object.fromEntries(texts)).toEqual({
      one: 'You said: Say one',
      two: 'You said: Say two',
      three: 'You said: Say three',
      bad: false,
    })
    expect(await deleteBatch(client, id)).toEqual({ id, type: 'message_batch_deleted' })
    await expect(retrieveBatch(client, id)).rejects.toThrow(NotFoundError)
  })

  it('can be cancelled, and found in the list', async () => {
    const { client, official } = setUp()
    const created = []
    for (let n = 0; n < 3; n++) created.push((await createBatch(client, { requests })).id)
    expect(await cancelBatch(client, created[1]!)).toMatchObject({ processing_status: 'canceling' })
    const listed = await all(listBatches(client, { limit: 2 }))
    expect(listed.map(({ id }) => id)).toEqual(created.toReversed())
    expect(listed).toEqual(await all(official.messages.batches.list({ limit: 2 })))
    expect((await all(batchResults(client, created[1]!))).map(({ result }) => result)).toEqual([
      { type: 'canceled' },
      { type: 'canceled' },
      { type: 'canceled' },
    ])
  })
})

describe('files', () => {
  it('go up, are listed, come down and go away, and the official client sees the same', async () => {
    const { client, official } = setUp()
    const bytes = new Uint8Array(100_000).map((_, index) => index * 7)
    const file = new File([bytes], 'näme "q".bin', { type: 'application/x-thing' })
    const up = await uploadFile(client, { file })
    const theirs = await official.files.upload({
      file: await toFile(bytes, 'their.bin', { type: 'application/x-thing' }),
    })
    expect(up).toEqual({ ...theirs, id: up.id, created_at: up.created_at, filename: 'näme "q".bin' })
    for (let n = 0; n < 3; n++) await uploadFile(client, { file: new Blob(['x']), filename: `${n}.txt` })

    expect(await retrieveFile(client, up.id)).toEqual(await official.files.retrieveMetadata(up.id))
    const listed = await all(listFiles(client, { limit: 2 }))
    expect(listed.map(({ filename }) => filename)).toEqual(['2.txt', '1.txt', '0.txt', 'their.bin', 'näme "q".bin'])
    expect(listed).toEqual(await all(official.files.list({ limit: 2 })))

    const response = await downloadFile(client, up.id)
    expect(response.headers.get('content-type')).toBe('application/x-thing')
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes)
    expect(await deleteFile(client, up.id)).toEqual({ id: up.id, type: 'file_deleted' })
    await expect(downloadFile(client, up.id)).rejects.toThrow(NotFoundError)
  })

  it('without a name are unnamed', async () => {
    const { client } = setUp()
    expect(await uploadFile(client, { file: new Blob(['x']) })).toMatchObject({ filename: 'unnamed', size_bytes: 1 })
  })
})

it('the mock is well', async () => {
  expect(await checkHealth(setUp().client)).toMatchObject({
    status: 'ok',
    services: { api: { status: 'ok' }, credentials: { status: 'ok' } },
  })
})
