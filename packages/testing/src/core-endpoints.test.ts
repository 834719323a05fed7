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

const made = new Uint8Array(100_000).map((_, index) => index * 7)

let server: MockServer
beforeAll(async () => {
  server = await createMockServer({
    files: [{ id: 'file_made', filename: 'made.bin', mimeType: 'application/x-thing', content: made }],
  })
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
    const file = new File([bytes], 'näme q.bin', { type: 'application/x-thing' })
    const up = await uploadFile(client, { file })
    const theirs = await official.files.upload({
      file: await toFile(bytes, 'their.bin', { type: 'application/x-thing' }),
    })
    expect(up).toEqual({ ...theirs, id: up.id, created_at: up.created_at, filename: 'näme q.bin' })
    for (let n = 0; n < 3; n++) await uploadFile(client, { file: new Blob(['x']), filename: `${n}.txt` })

    expect(await retrieveFile(client, up.id)).toEqual(await official.files.retrieveMetadata(up.id))
    const listed = await all(listFiles(client, { limit: 2 }))
    expect(listed.map(({ filename }) => filename)).toEqual([
      '2.txt',
      '1.txt',
      '0.txt',
      'their.bin',
      'näme q.bin',
      'made.bin',
    ])
    expect(listed).toEqual(await all(official.files.list({ limit: 2 })))

    await expect(downloadFile(client, up.id)).rejects.toThrow('is not downloadable')
    const response = await downloadFile(client, 'file_made')
    expect(response.headers.get('content-type')).toBe('application/x-thing')
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(made)
    expect(await deleteFile(client, up.id)).toEqual({ id: up.id, type: 'file_deleted' })
    await expect(downloadFile(client, up.id)).rejects.toThrow(NotFoundError)
  })

  it('without a name are unnamed', async () => {
    const { client } = setUp()
    expect(await uploadFile(client, { file: new Blob(['x']) })).toMatchObject({ filename: 'unnamed', size_bytes: 1 })
  })
})

describe('a request', () => {
  const requests = [{ custom_id: 'a', params: params('x') }]

  it('is the one that the official client sends', async () => {
    const { client, official } = setUp()
    const { id } = await createBatch(client, { requests })
    const { id: file } = await uploadFile(client, { file: new Blob(['x']), filename: 'a.txt' })
    const pairs: [ours: () => Promise<unknown>, theirs: () => PromiseLike<unknown>][] = [
      [() => listModels(client, { limit: 1 }).next(), () => official.models.list({ limit: 1 })],
      [() => retrieveModel(client, 'claude-opus-5-5'), () => official.models.retrieve('claude-opus-5-5')],
      [() => retrieveModel(client, 'a/b:c d'), () => official.models.retrieve('a/b:c d')],
      [
        () => createBatch(client, { requests }),
        () => official.messages.batches.create({ requests: requests as never }),
      ],
      [() => retrieveBatch(client, id), () => official.messages.batches.retrieve(id)],
      [() => listBatches(client).next(), () => official.messages.batches.list()],
      [() => cancelBatch(client, id), () => official.messages.batches.cancel(id)],
      [() => deleteBatch(client, 'none'), () => official.messages.batches.delete('none')],
      [
        () => listFiles(client, { ids: ['b'], limit: 3, page: 'p' }).next(),
        () => official.files.list({ ids: ['b'], limit: 3, page: 'p' }),
      ],
      [() => retrieveFile(client, file), () => official.files.retrieveMetadata(file)],
      [() => downloadFile(client, file).then((response) => response.text()), () => official.files.download(file)],
      [() => deleteFile(client, 'none'), () => official.files.delete('none')],
    ]
    const sentBy = async (call: () => PromiseLike<unknown>) => {
      const before = server.requests.length
      await Promise.resolve(call()).catch(() => {})
      return server.requests.slice(before).map(({ method, path, query, body }) => ({ method, path, query, body }))
    }
    for (const [ours, theirs] of pairs) {
      const sent = await sentBy(ours)
      expect(sent).toHaveLength(1)
      expect(sent.map(({ path, ...rest }) => ({ ...rest, path: decodeURIComponent(path) }))).toEqual(
        (await sentBy(theirs)).map(({ path, ...rest }) => ({ ...rest, path: decodeURIComponent(path) })),
      )
    }
  })
})

it('a key that the mock does not know is bad credentials of an API that is well', async () => {
  const strict = await createMockServer({ apiKeys: ['good'] })
  try {
    const health = (apiKey: string) => checkHealth(createClient({ apiKey, baseURL: strict.url }))
    expect(await health('bad')).toMatchObject({
      status: 'down',
      services: { api: { status: 'ok' }, credentials: { status: 'down', error: { code: 'authentication' } } },
    })
    expect(await health('good')).toMatchObject({ status: 'ok' })
    expect(strict.ledger.answers).toBe(0)
  } finally {
    await strict.close()
  }
})

it('the mock is well', async () => {
  expect(await checkHealth(setUp().client)).toMatchObject({
    status: 'ok',
    services: { api: { status: 'ok' }, credentials: { status: 'ok' } },
  })
})
