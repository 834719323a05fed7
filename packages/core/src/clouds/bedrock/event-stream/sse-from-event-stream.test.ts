import { AnthropicBedrock } from '@anthropic-ai/bedrock-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  awsChunk,
  awsException,
  awsKeys,
  awsMessage,
  type BedrockAnswer,
  serveBedrock,
} from '../../../../test/serve-bedrock.ts'
import { StreamParseError } from '../../../errors/connection/stream-parse-error.ts'
import { bedrock } from '../index.ts'
import { sseFromEventStream } from './sse-from-event-stream.ts'

const start = {
  type: 'message_start',
  message: { id: 'msg_1', role: 'assistant', content: [], usage: { input_tokens: 3, output_tokens: 1 } },
}
const events = [
  start,
  { type: 'ping' },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  ...['Grüße', ' "aus"\n', '', ' 東京 🎈'].map((text) => ({
    ...{ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } },
  })),
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 9 } },
  { type: 'message_stop', 'amazon-bedrock-invocationMetrics': { inputTokenCount: 3 } },
]
const frames = (all: object[]) =>
  all.map((event) => `event: ${(event as { type: string }).type}\ndata: ${JSON.stringify(event)}\n\n`).join('')

/** All that comes of pieces of an event stream. */
async function translate(pieces: Uint8Array[], region?: string): Promise<string[]> {
  const queue = [...pieces]
  const reader = sseFromEventStream(
    { read: async () => ({ value: queue.shift() }), cancel: async () => {}, releaseLock() {} },
    region,
  )
  const written: string[] = []
  for (;;) {
    const { value } = await reader.read()
    if (!value) return written
    written.push(new TextDecoder('utf-8', { fatal: true }).decode(value))
  }
}

describe('the events of Bedrock', () => {
  it('are those of the API, those of a chunk together, cut anywhere', async () => {
    const bytes = Buffer.concat(events.map(awsChunk))
    expect(await translate([bytes])).toEqual([frames(events)])
    for (let cut = 1; cut < bytes.length; cut += 7) {
      expect((await translate([bytes.subarray(0, cut), bytes.subarray(cut)])).join('')).toBe(frames(events))
    }
    expect((await translate([...bytes].map((byte) => Uint8Array.of(byte)))).join('')).toBe(frames(events))
  })

  it('say in which region they were made', async () => {
    const [, ...others] = events
    const marked = {
      ...start,
      message: { ...start.message, usage: { ...start.message.usage, inference_geo: 'bedrock-eu' } },
    }
    expect(await translate([Buffer.concat(events.map(awsChunk))], 'bedrock-eu')).toEqual([frames([marked, ...others])])
  })

  it('may be written in other ways', async () => {
    const headers = { ':event-type': 'chunk', ':message-type': 'event' }
    const base64 = (text: string) => Buffer.from(text).toString('base64')
    const pretty = '{\r\n  "index": 0,\n  "type": "content_block_stop"\n}'
    const written = await translate([
      awsMessage(headers, { p: 'abc', bytes: base64('{"type":"ping"}') }),
      awsMessage(headers, `{"bytes":"${base64('{"type":"ping","a":"???>>>"}').replaceAll('/', '\\/')}"}`),
      awsMessage(headers, { bytes: base64(pretty) }),
      awsMessage(headers, { bytes: base64('{"keep":"alive"}') }),
      awsMessage({ ...headers, ':event-type': 'initial-response' }, {}),
      awsMessage(headers, { bytes: base64('{"type":"ping"}') }),
    ])
    expect(written).toEqual([
      'event: ping\ndata: {"type":"ping"}\n\n',
      'event: ping\ndata: {"type":"ping","a":"???>>>"}\n\n',
      'event: content_block_stop\ndata: {    "index": 0,   "type": "content_block_stop" }\n\n',
      'event: ping\ndata: {"type":"ping"}\n\n',
    ])
  })

  it.each([
    ['throttlingException', 'rate_limit_error', 429],
    ['modelStreamErrorException', 'api_error', 500],
    ['modelTimeoutException', 'timeout_error', 504],
    ['serviceUnavailableException', 'api_error', 503],
    ['ValidationException', 'invalid_request_error', 400],
    ['somethingNewException', 'api_error', 500],
  ])('end with an error where a %s does', async (name, type, code) => {
    const error = { type, code, message: 'Not now.', details: { error_code: name } }
    const expected = `event: error\ndata: ${JSON.stringify({ type: 'error', error })}\n\n`
    expect(await translate([awsException(name, 'Not now.')])).toEqual([expected])
  })

  it('end with an error where one without a payload does', async () => {
    const headers = { ':message-type': 'error', ':error-code': 'InternalError', ':error-message': 'Oh no.' }
    expect((await translate([awsMessage(headers, '')]))[0]).toContain('"message":"Oh no."')
  })

  it('that are damaged are an error, behind those that stand before', async () => {
    const damaged = awsChunk({ type: 'message_stop' })
    damaged[40]! ^= 1
    const bytes = Buffer.concat([awsChunk({ type: 'ping' }), damaged, awsChunk({ type: 'ping' })])
    const pieces = [bytes]
    const read = async () => ({ value: pieces.shift() })
    const reader = sseFromEventStream({ read, cancel: async () => {}, releaseLock() {} }, undefined)
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('event: ping\ndata: {"type":"ping"}\n\n')
    for (let times = 0; times < 2; times++) await expect(reader.read()).rejects.toThrow(StreamParseError)
  })

  it('grow beyond a chunk and a first guess', async () => {
    const event = { type: 'content_block_delta', delta: { type: 'text_delta', text: 'x'.repeat(100_000) } }
    const bytes = awsChunk(event)
    expect(await translate([bytes.subarray(0, bytes.length - 1), bytes.subarray(-1)])).toEqual([frames([event])])
  })
})

describe('a stream over the network', () => {
  let answer: BedrockAnswer
  let server: Awaited<ReturnType<typeof serveBedrock>>
  beforeAll(async () => {
    server = await serveBedrock(() => answer)
  })
  afterAll(() => server.close())

  it('gives what the official client gives', async () => {
    const headers = { 'content-type': 'application/vnd.amazon.eventstream' }
    answer = { headers, body: Buffer.concat(events.map(awsChunk)) }
    const body = {
      model: 'global.anthropic.claude-opus-5-5',
      max_tokens: 10,
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
    }
    const official = new AnthropicBedrock({
      apiKey: null,
      awsRegion: 'eu-west-1',
      awsAccessKey: awsKeys.accessKeyId,
      awsSecretKey: awsKeys.secretAccessKey,
      baseURL: server.url,
      maxRetries: 0,
      logLevel: 'off',
    })
    const theirs: unknown[] = []
    // It adds headers of its own to those that it signs.
    for await (const event of (await official.messages.create(body as never)) as unknown as AsyncIterable<unknown>)
      theirs.push(event)

    const { fetch, authToken } = bedrock({ region: 'eu-west-1', credentials: awsKeys })
    const token = await (authToken as (request: object) => Promise<string>)({ refresh: false })
    const response = await fetch(`${server.url}/v1/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(response.headers.get('request-id')).toBe('aws-1')
    const ours = [...(await response.text()).matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data!))
    expect(ours).toEqual(events)
    expect(ours.filter(({ type }) => type !== 'ping')).toEqual(theirs)
  })
})
