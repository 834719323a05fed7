import { type Client, createClient, type MessageParams, withOptions } from '@enjamb/core'
import { createMockServer, type MockServer, script, type Turn } from '@enjamb/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { params, user } from '../../../test/mock-run.ts'
import { defineTool } from '../../define/define-tool.ts'
import { toolset } from '../../toolset.ts'
import { runTools } from '../run-tools.ts'
import { createThread } from './create-thread.ts'

const look = defineTool({ name: 'look', description: 'Looks.', input: { type: 'object' }, run: () => 'x'.repeat(100) })
const looks = (n: number): Turn[] => Array.from({ length: n }, () => ({ toolCalls: [{ name: 'look' }] }))

async function setUp(...turns: Turn[]): Promise<{ server: MockServer; client: Client }> {
  const server = await createMockServer({ script: script(turns), seed: 1 })
  onTestFinished(() => server.close())
  return { server, client: createClient({ apiKey: 'test', baseURL: server.url, retry: { maxRetries: 0 } }) }
}

type Sent = MessageParams & { thread?: { type: string } }
const sent = (server: MockServer) => server.requests.map(({ body }) => body as Sent)
const kinds = (server: MockServer) =>
  sent(server).map(({ thread, messages }) => `${thread?.type ?? 'none'} ${messages.length}`)

/** A client whose server answers some request with an error. */
function failing(client: Client, errors: Record<number, [status: number, body: object]>): Client {
  let count = 0
  const failing: typeof fetch = (...args) => {
    const [status, error] = errors[++count] ?? []
    return error ? Promise.resolve(Response.json({ type: 'error', error }, { status: status! })) : fetch(...args)
  }
  return withOptions(client, { fetch: failing })
}

describe('a run with a thread', () => {
  test('says only what is new, and ends with the whole history', async () => {
    const { client, server } = await setUp(...looks(3), 'Done.')
    const run = runTools(
      client,
      { ...params([look]), system: 'Be kind.' },
      { thread: createThread(), betas: ['compact-2026-01-12'] },
    )
    const { messages } = await run.final()
    expect(kinds(server)).toEqual(['create 1', 'continue 1', 'continue 1', 'continue 1'])
    expect(sent(server).map(({ system, tools }) => [!!system, !!tools])).toEqual([
      [true, true],
      ...Array(3).fill([false, false]),
    ])
    expect(messages).toHaveLength(8)
    expect(server.requests[1]?.headers['anthropic-beta']).toBe('compact-2026-01-12,message-threads-2026-08-12')
  })

  test('sends as much at the hundredth turn as at the tenth', async () => {
    const { client, server } = await setUp(...looks(100), 'Done.')
    await runTools(client, params([look]), { thread: createThread(), maxTurns: 101 }).final()
    const [tenth, hundredth] = [10, 100].map((n) => JSON.stringify(sent(server)[n]).length)
    expect(Math.abs(hundredth! - tenth!)).toBeLessThan(20)
  })

  test('is gone on with by the next run of the conversation', async () => {
    const { client, server } = await setUp(...looks(1), 'Done.', 'Again.')
    const thread = createThread()
    const given = params(toolset([look]))
    const { messages } = await runTools(client, given, { thread }).final()
    await runTools(client, { ...given, messages: [...messages, user('More.')] }, { thread }).final()
    expect(kinds(server)).toEqual(['create 1', 'continue 1', 'continue 1'])
  })

  test.each([
    ['has lost it', 404, 'thread_not_found'],
    ['has gone on with it elsewhere', 409, 'thread_already_continued'],
    ['has another request for it', 409, 'thread_continue_in_flight'],
  ])('says all again where the server %s, and goes on from there', async (_, status, error_code) => {
    const { client, server } = await setUp(...looks(3), 'Done.')
    const error = {
      type: status === 404 ? 'not_found_error' : 'conflict_error',
      message: 'No.',
      details: { error_code },
    }
    const run = runTools(failing(client, { 2: [status, error] }), params([look]), { thread: createThread() })
    const { message, turns } = await run.final()
    expect(kinds(server)).toEqual(['create 1', 'create 3', 'continue 1', 'continue 1'])
    expect([message.content, turns]).toMatchObject([[{ text: 'Done.' }], 4])
  })

  test('is given up where the server loses it twice in a row', async () => {
    const { client, server } = await setUp(...looks(3), 'Done.')
    const error = { type: 'not_found_error', message: 'No.', details: { error_code: 'thread_not_found' } }
    const lossy = failing(client, { 2: [404, error], 4: [404, error] })
    await runTools(lossy, params([look]), { thread: createThread() }).final()
    expect(kinds(server)).toEqual(['create 1', 'create 3', 'none 5', 'none 7'])
  })

  test.each([
    'Unexpected value(s) `message-threads-2026-08-12` for the `anthropic-beta` header.',
    'thread: Extra inputs are not permitted',
  ])('is one without where the platform says: %s', async (message) => {
    const { client, server } = await setUp(...looks(1), 'Done.')
    const error = { type: 'invalid_request_error', message }
    await runTools(failing(client, { 1: [400, error] }), params([look]), { thread: createThread() }).final()
    expect(kinds(server)).toEqual(['none 1', 'none 3'])
    expect(server.requests[0]?.headers).not.toHaveProperty('anthropic-beta')
  })

  test('says all again where beforeTurn changed what the server knows', async () => {
    const { client, server } = await setUp(...looks(4), 'Done.')
    await runTools(client, params([look]), {
      thread: createThread(),
      beforeTurn: ({ turn, messages }) => {
        if (turn === 2) return { messages: [user('Go now.'), ...messages.slice(1)] }
        return turn === 4 ? { system: 'Be kind.' } : undefined
      },
    }).final()
    expect(kinds(server)).toEqual(['create 1', 'create 3', 'continue 1', 'create 7', 'continue 1'])
  })

  test('fails as one without where its first request is refused for another reason', async () => {
    const { client } = await setUp('Done.')
    const error = { type: 'invalid_request_error', message: 'max_tokens: too many' }
    const run = runTools(failing(client, { 1: [400, error] }), params([look]), { thread: createThread() })
    await expect(run.final()).rejects.toMatchObject({ code: 'invalid_request' })
  })
})
