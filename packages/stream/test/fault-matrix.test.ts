import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import {
  batchResults,
  type Client,
  type ClientOptions,
  countTokens,
  createClient,
  createMessage,
  type EnjambError,
  type MessageParams,
} from '@enjamb/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { head, type RawServer, rawServer } from '../../core/test/raw-server.ts'
import { streamMessage } from '../src/index.ts'

const params: MessageParams = { model: 'claude-haiku-4-5', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] }
const event = (type: string, fields: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`
const message = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'm',
  content: [],
  stop_reason: null,
  usage: {},
}

/** Each way of asking: what a whole answer looks like, and where its first content ends. */
const calls = {
  create: {
    run: async (client: Client) => void (await createMessage(client, params)),
    whole: JSON.stringify(message),
    begun: 10,
  },
  stream: {
    run: async (client: Client) => void (await streamMessage(client, params).final()),
    whole: [
      event('message_start', { message }),
      event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
      event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'Hello' } }),
      event('content_block_stop', { index: 0 }),
      event('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 1 } }),
      event('message_stop', {}),
    ].join(''),
    begun: 500,
  },
  count: {
    run: async (client: Client) => void (await countTokens(client, params)),
    whole: '{"input_tokens":7}',
    begun: 5,
  },
  batch: {
    run: async (client: Client) => {
      for await (const _ of batchResults(client, 'msgbatch_1'));
    },
    whole: ['a', 'b', 'c']
      .map((custom_id) => `${JSON.stringify({ custom_id, result: { type: 'canceled' } })}\n`)
      .join(''),
    begun: 60,
  },
}
type Name = keyof typeof calls
type End = [code: string, attempts: number]

/** What a server does with the body that a whole answer would have, and what comes of it. */
interface Fault {
  name: string
  answer(socket: Socket, body: string, begun: string): void
  all: End
  but?: Partial<Record<Name, End>>
}

const html = '<html><body><h1>502 Bad Gateway</h1></body></html>'
const slow = 150

// Without it, and without chunks, the end of the connection is the end of the body.
const lengthOf = (body: string) => `content-length: ${body.length}`

const faults: Fault[] = [
  { name: 'resets before the headers', answer: (socket) => socket.resetAndDestroy(), all: ['connection', 3] },
  {
    name: 'resets in the headers',
    answer: (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-', () => socket.resetAndDestroy()),
    all: ['connection', 3],
  },
  {
    name: 'resets in the body',
    answer: (socket, body, begun) =>
      socket.write(head(200, lengthOf(body)) + begun, () => setTimeout(() => socket.resetAndDestroy(), 20)),
    all: ['connection', 3],
    but: { stream: ['stream_interrupted', 1], batch: ['connection', 1] },
  },
  {
    name: 'resets before the first content',
    answer: (socket, body) =>
      socket.write(`${head(200, lengthOf(body))} `, () => setTimeout(() => socket.resetAndDestroy(), 20)),
    all: ['connection', 3],
  },
  { name: 'stalls before the headers', answer: () => {}, all: ['request_timeout', 3] },
  {
    name: 'stalls in the headers',
    answer: (socket) => socket.write('HTTP/1.1 200 OK\r\nconte'),
    all: ['request_timeout', 3],
  },
  {
    name: 'stalls in the body',
    answer: (socket, _, begun) => socket.write(head(200) + begun),
    all: ['request_timeout', 3],
    but: { stream: ['idle_timeout', 1], batch: ['idle_timeout', 1] },
  },
  {
    name: 'stalls before the first content',
    answer: (socket) => socket.write(`${head(200)} `),
    all: ['request_timeout', 3],
    but: { stream: ['idle_timeout', 3], batch: ['idle_timeout', 3] },
  },
  {
    name: 'ends the body too early, and says so by its length',
    answer: (socket, body, begun) => socket.end(head(200, lengthOf(body)) + begun),
    all: ['connection', 3],
    but: { stream: ['stream_interrupted', 1], batch: ['connection', 1] },
  },
  {
    name: 'ends the body too early',
    answer: (socket, _, begun) => socket.end(head(200) + begun),
    all: ['stream_parse', 1],
    but: { stream: ['stream_interrupted', 1] },
  },
  {
    name: 'answers with an empty body',
    answer: (socket) => socket.end(head(200)),
    all: ['stream_parse', 1],
    but: { stream: ['connection', 3], batch: ['connection', 3] },
  },
  {
    name: 'answers 200 with a page',
    answer: (socket) => socket.end(head(200, 'content-type: text/html') + html),
    all: ['stream_parse', 1],
  },
  {
    name: 'answers 502 with a page',
    answer: (socket) => socket.end(head(502, 'content-type: text/html') + html),
    all: ['server', 3],
  },
  {
    name: 'answers 400 with 10 MB',
    answer: (socket) => socket.end(head(400) + 'x'.repeat(10_000_000)),
    all: ['invalid_request', 1],
  },
  {
    name: 'answers 500 with a compressed error',
    answer: (socket) => {
      socket.write(head(500, 'content-encoding: gzip'))
      socket.end(gzipSync('{"error":{"type":"api_error","message":"No."}}'))
    },
    all: ['server', 3],
  },
  {
    name: 'redirects for good',
    answer: (socket) => socket.end(head(301, 'location: https://elsewhere.example/')),
    all: ['config', 1],
  },
  {
    name: 'redirects for now',
    answer: (socket) => socket.end(head(307, 'location: https://elsewhere.example/')),
    all: ['config', 1],
  },
  {
    name: 'calls it another type',
    answer: (socket, body) => socket.end(head(200, 'content-type: text/plain') + body),
    all: ['answered', 1],
  },
  {
    name: 'compresses',
    answer: (socket, body) => {
      socket.write(head(200, 'content-encoding: gzip'))
      socket.end(gzipSync(body))
    },
    all: ['answered', 1],
  },
  { name: 'is well', answer: (socket, body) => socket.end(head(200) + body), all: ['answered', 1] },
]

const names = Object.keys(calls) as Name[]
const matrix = <T extends { name: string }>(rows: T[]) => rows.flatMap((row) => names.map((call) => ({ ...row, call })))

/** How a call ends, after how many attempts, and how long the pauses between them would have been. */
async function endOf(call: Name, options: ClientOptions) {
  let attempts = 0
  let waitMs = 0
  const client = createClient({
    apiKey: 'k',
    timeoutMs: slow,
    idleTimeoutMs: slow,
    ...options,
    middleware: [
      (request, next) => {
        attempts++
        return next(request)
      },
    ],
    retry: {
      decide(_, delayMs) {
        waitMs += delayMs ?? 0
        return delayMs === undefined ? undefined : 0
      },
    },
  })
  const error = await calls[call].run(client).catch((error: EnjambError) => error)
  return { error, end: [error?.code ?? 'answered', attempts], waitMs }
}

beforeEach(() => {
  // The pauses lose nothing at random.
  vi.spyOn(Math, 'random').mockReturnValue(0)
})
afterEach(() => {
  vi.restoreAllMocks()
})

describe('a server that', () => {
  let server: RawServer
  afterEach(() => server.close())

  it.each(matrix(faults))('$name: $call', async ({ answer, all, but, call }) => {
    const { whole, begun } = calls[call]
    server = await rawServer((socket) => answer(socket, whole, whole.slice(0, begun)))
    // A timer that is too short would tell of a slow machine.
    const stalls = /timeout/.test((but?.[call] ?? all)[0])
    const time = stalls ? {} : { timeoutMs: 60_000, idleTimeoutMs: 60_000 }
    const { error, end, waitMs } = await endOf(call, { baseURL: server.url, ...time })
    expect(end).toEqual(but?.[call] ?? all)
    expect(server.requests()).toBe(end[1])
    expect(waitMs).toBe(end[1] === 3 ? 500 + 1_000 : 0)
    expect(String(error).length).toBeLessThan(70_000)
    // Nothing that has arrived is lost.
    if (call === 'stream' && but && end[1] === 1) {
      expect(error?.partial?.content).toEqual([{ type: 'text', text: 'Hello' }])
    }
  })
})

describe('a host that', () => {
  it.each(names)('does not exist: %s', async (call) => {
    const { error, end, waitMs } = await endOf(call, { baseURL: 'http://does-not-exist.invalid', timeoutMs: 60_000 })
    expect([...end, waitMs]).toEqual(['connection', 3, 1_500])
    expect(error?.message).toMatch(/does-not-exist\.invalid.*Is baseURL right/)
  })

  it.each(names)('refuses: %s', async (call) => {
    const { url, close } = await rawServer(() => {})
    await close()
    const { error, end, waitMs } = await endOf(call, { baseURL: url, timeoutMs: 60_000 })
    expect([...end, waitMs]).toEqual(['connection', 3, 1_500])
    expect(error?.message).toContain('ECONNREFUSED')
  })
})

/** The class for each status, and whether it may be tried again. */
const statuses: [status: number, code: string, transient: boolean][] = [
  [400, 'invalid_request', false],
  [401, 'authentication', false],
  [402, 'billing', false],
  [403, 'permission_denied', false],
  [404, 'not_found', false],
  [408, 'api', true],
  [409, 'conflict', true],
  [413, 'request_too_large', false],
  [422, 'api', false],
  [429, 'rate_limit', true],
  [500, 'server', true],
  [502, 'server', true],
  [503, 'server', true],
  [504, 'server', true],
  [529, 'overloaded', true],
]

/** What each header makes of two pauses in a row; `undefined` where it ends the retries. */
const hints: [headers: Record<string, string>, waitMs: number | undefined, again?: boolean][] = [
  [{}, 500 + 1_000],
  [{ 'retry-after-ms': '30' }, 60],
  [{ 'retry-after': '2' }, 4_000],
  [{ 'retry-after': 'Fri, 20 Nov 2026 12:00:03 GMT' }, 3_000 + 1_000],
  [{ 'retry-after': '3600' }, undefined],
  [{ 'retry-after': '2', 'retry-after-ms': '30' }, 60],
  [{ 'retry-after': 'soon' }, 500 + 1_000],
  [{ 'x-should-retry': 'true' }, 500 + 1_000, true],
  [{ 'x-should-retry': 'false' }, 500 + 1_000, false],
  [{ 'x-should-retry': 'true', 'retry-after': '2' }, 4_000, true],
]

describe('on a clock that is turned by hand', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: new Date('2026-11-20T12:00:00Z') })
  })
  afterEach(() => {
    expect(vi.getTimerCount()).toBe(0)
    vi.useRealTimers()
  })

  it.each(matrix(statuses.map(([status, code, transient]) => ({ name: String(status), status, code, transient }))))(
    'a $name with any hint: $call',
    async ({ status, code, transient, call }) => {
      for (const [headers, waitMs, again = transient] of hints) {
        vi.setSystemTime(new Date('2026-11-20T12:00:00Z'))
        const started = Date.now()
        let attempts = 0
        const fetch = async () => {
          attempts++
          return new Response('', { status, headers })
        }
        const end = calls[call].run(createClient({ apiKey: 'k', fetch })).then(
          () => expect.fail('it was answered'),
          (error: EnjambError) => ({ code: error.code, ms: Date.now() - started }),
        )
        await vi.runAllTimersAsync()
        const tried = again && waitMs !== undefined
        expect({ headers, attempts, ...(await end) }).toEqual({
          headers,
          attempts: tried ? 3 : 1,
          code,
          ms: tried ? waitMs : 0,
        })
      }
    },
  )
})
