import Anthropic, { toFile } from '@anthropic-ai/sdk'
import { describe, expect, it } from 'vitest'
import { type MockOptions, mockFetch, script } from '../src/index.ts'

const params = (text: string) => ({
  model: 'claude-opus-5-5',
  max_tokens: 100,
  messages: [{ role: 'user' as const, content: text }],
})

function start(options: MockOptions = {}) {
  const fetch = mockFetch(options)
  return { client: new Anthropic({ apiKey: 'k', fetch, maxRetries: 0 }), fetch }
}

describe('a batch', () => {
  it('gives each request its result, the bad ones too', async () => {
    const { client, fetch } = start({ script: script(['One.', { error: 529 }]) })
    const batch = await client.messages.batches.create({
      requests: [
        { custom_id: 'a', params: params('Hi') },
        { custom_id: 'b', params: params('Hi') },
        { custom_id: 'c', params: { ...params('Hi'), messages: [] } },
        { custom_id: 'd', params: params('Hello') },
      ],
    })
    expect(batch).toMatchObject({
      processing_status: 'in_progress',
      request_counts: { processing: 4 },
      results_url: null,
    })
    expect(await client.messages.batches.retrieve(batch.id)).toMatchObject({
      processing_status: 'ended',
      request_counts: { processing: 0, succeeded: 2, errored: 2 },
    })
    const results: Record<string, unknown> = {}
    for await (const { custom_id, result } of await client.messages.batches.results(batch.id))
      results[custom_id] = result
    expect(results).toMatchObject({
      a: {
        type: 'succeeded',
        message: { content: [{ type: 'thinking' }, { text: 'One.' }], usage: { service_tier: 'batch' } },
      },
      b: { type: 'errored', error: { error: { type: 'overloaded_error' } } },
      c: { type: 'errored', error: { error: { message: 'messages: at least one message is required' } } },
      d: { type: 'succeeded', message: { content: [{ type: 'thinking' }, { text: 'You said: Hello' }] } },
    })
    expect(fetch.ledger.entries[0]?.cost?.input).toBe(10_000)
  })

  it('takes its time, can be cancelled, and is deleted when it has ended', async () => {
    let ms = 0
    const { client } = start({ batchDurationMs: 1000, now: () => ms })
    const requests = [{ custom_id: 'a', params: params('Hi') }]
    const [slow, cancelled] = [
      await client.messages.batches.create({ requests }),
      await client.messages.batches.create({ requests }),
    ]
    ms = 999
    expect((await client.messages.batches.retrieve(slow.id)).processing_status).toBe('in_progress')
    await expect(client.messages.batches.delete(slow.id)).rejects.toBeInstanceOf(Anthropic.BadRequestError)
    expect((await client.messages.batches.cancel(cancelled.id)).processing_status).toBe('canceling')
    ms = 1000
    expect(await client.messages.batches.retrieve(cancelled.id)).toMatchObject({ request_counts: { canceled: 1 } })
    const ids: string[] = []
    for await (const { id } of client.messages.batches.list({ limit: 1 })) ids.push(id)
    expect(ids).toEqual([cancelled.id, slow.id])
    await client.messages.batches.delete(slow.id)
    await expect(client.messages.batches.retrieve(slow.id)).rejects.toBeInstanceOf(Anthropic.NotFoundError)
  })

  it('is refused without requests, with one id twice, and with a wrong id', async () => {
    const { client } = start()
    const create = (...ids: string[]) =>
      client.messages.batches.create({ requests: ids.map((custom_id) => ({ custom_id, params: params('Hi') })) })
    await expect(create()).rejects.toThrow('requests: List should have at least 1 item after validation')
    await expect(create('a', 'a')).rejects.toThrow('requests.1.custom_id: Duplicate custom_id: a')
    await expect(create('a b')).rejects.toThrow(
      "requests.0.custom_id: String should match pattern '^[a-zA-Z0-9_-]{1,64}$'",
    )
  })
})

describe('a file', () => {
  it('is uploaded, listed and deleted, and is downloaded where a tool has made it', async () => {
    const content = 'first line\nünïcode'
    const { client } = start({ files: [{ id: 'file_made', filename: 'made.txt', mimeType: 'text/plain', content }] })
    const file = await client.files.upload({
      file: await toFile(Buffer.from(content), 'notes.txt', { type: 'text/plain' }),
    })
    expect(file).toMatchObject({
      filename: 'notes.txt',
      mime_type: 'text/plain',
      size_bytes: Buffer.byteLength(content),
    })
    const other = await client.files.upload({ file: await toFile(Buffer.from('x'), 'x.bin') })
    const ids: string[] = []
    for await (const { id } of client.files.list({ limit: 1 })) ids.push(id)
    expect(ids).toEqual([other.id, file.id, 'file_made'])
    await expect(client.files.download(file.id)).rejects.toThrow(/400 .* is not downloadable/)
    expect(await (await client.files.download('file_made')).text()).toBe(content)
    expect((await client.files.retrieveMetadata(file.id)).id).toBe(file.id)
    await client.files.delete(file.id)
    await expect(client.files.retrieveMetadata(file.id)).rejects.toBeInstanceOf(Anthropic.NotFoundError)
  })
  it.each(['a:b.txt', 'why?.txt', '*.txt', 'a"b.txt', `${'x'.repeat(256)}`])(
    'is refused with the name %s',
    async (name) => {
      const { client } = start()
      const file = await toFile(Buffer.from('x'), name)
      await expect(client.files.upload({ file })).rejects.toThrow('400')
    },
  )

  it('can be referred to as long as it is there', async () => {
    const { client } = start({ files: ['file_of_old'] })
    const file = await client.files.upload({ file: await toFile(Buffer.from('x'), 'x.txt', { type: 'text/plain' }) })
    const ask = (file_id: string) => {
      const document = { type: 'document' as const, source: { type: 'file' as const, file_id } }
      return client.messages.create({ ...params(''), messages: [{ role: 'user', content: [document] }] })
    }
    expect((await ask(file.id)).type).toBe('message')
    expect((await ask('file_of_old')).type).toBe('message')
    await client.files.delete(file.id)
    await expect(ask(file.id)).rejects.toThrow(`File not found: ${file.id}`)
    await expect(ask('file_unheard_of')).rejects.toBeInstanceOf(Anthropic.NotFoundError)
  })
})
