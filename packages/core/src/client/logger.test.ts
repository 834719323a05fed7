import { Console } from 'node:console'
import { Writable } from 'node:stream'
import createDebug from 'debug'
import fc from 'fast-check'
import pino from 'pino'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { errorBody, type LocalServer, reply, serve } from '../../test/serve.ts'
import { type ClientOptions, createClient, createMessage, type MessageParams } from '../index.ts'
import type { Logger } from './logger.ts'

const params: MessageParams = { model: 'claude-haiku-4-5', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] }

const servers: LocalServer[] = []
afterEach(async () => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  createDebug.disable()
  for (const server of servers.splice(0)) await server.close()
})

/** Loggers as people have them, with what they have written. */
const loggers: [name: string, make: () => { logger: Logger; written: () => string }][] = [
  [
    'the console',
    () => {
      const lines: string[] = []
      const sink = new Writable({
        write(chunk, _, done) {
          lines.push(String(chunk))
          done()
        },
      })
      return { logger: new Console(sink), written: () => lines.join('') }
    },
  ],
  [
    'pino',
    () => {
      const lines: string[] = []
      const logger = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) })
      return { logger, written: () => lines.map((line) => `${JSON.parse(line).msg}\n`).join('') }
    },
  ],
  [
    'debug',
    () => {
      const lines: string[] = []
      createDebug.enable('enjamb*')
      const make = (name: string) => {
        const debug = createDebug(name)
        // Without colours and times, which depend on where the tests run.
        debug.log = (line: string) => void lines.push(`${line.replace(/^.*?enjamb(:warn)? /, '')}\n`)
        return debug
      }
      return { logger: { debug: make('enjamb'), warn: make('enjamb:warn') }, written: () => lines.join('') }
    },
  ],
]

describe.each(loggers)('%s is a logger', (_, make) => {
  it('that is told every request and every retry', async () => {
    const server = await serve((response, attempt) => {
      if (attempt === 0) reply(response, 529, errorBody('overloaded_error', 'Busy at 100% load, %s %d %o.'))
      else if (attempt === 1) response.destroy()
      else reply(response, 200, { id: 'msg_1', usage: { input_tokens: 12, output_tokens: 30 } })
    })
    servers.push(server)
    const { logger, written } = make()
    const client = createClient({ apiKey: 'k', baseURL: server.url, logger, retry: { baseDelayMs: 0 } })
    await createMessage(client, params)
    const url = `${server.url}/v1/messages`
    const lines = written().trimEnd().split('\n')
    const told = logger.info ? ['sent', 'ended', 'tried again'] : ['sent', 'tried again']
    expect(lines).toHaveLength(3 * told.length - 1)
    const said = (what: string) => lines.filter((_, index) => told[index % told.length] === what)
    expect(said('sent')).toEqual([`POST ${url}`, `POST ${url}, attempt 2`, `POST ${url}, attempt 3`])
    expect(said('tried again')).toEqual([
      expect.stringMatching(/^529 overloaded_error: Busy at 100% load, .*Retry in 0 ms\./),
      expect.stringMatching(/^No complete answer from .*Retry in 0 ms\./),
    ])
    if (!logger.info) return
    expect(said('ended').map((line) => line.replace(/\d+ ms/, 'n ms'))).toEqual([
      `529 to POST ${url} in n ms, req_1, overloaded`,
      `no answer to POST ${url} in n ms, connection`,
      `200 to POST ${url} in n ms, req_1, 12 tokens in, 30 out`,
    ])
  })
})

it('a logger that throws fails no call', async () => {
  const fail = () => expect.fail('a full disk')
  let attempt = 0
  const fetch = async () => (attempt++ ? Response.json({ id: 'msg_1' }) : new Response('', { status: 500 }))
  const logger = { debug: fail, info: fail, warn: fail }
  const client = createClient({ apiKey: 'k', authToken: 't', fetch, logger, retry: { baseDelayMs: 0 } })
  expect(await createMessage(client, params)).toEqual({ id: 'msg_1' })
})

it.each([
  ['debug', ['debug', 'info', 'warn']],
  ['INFO', ['info', 'warn']],
  ['warn', ['warn']],
  ['error', []],
  ['off', []],
  ['', []],
  ['loud', []],
])('ANTHROPIC_LOG=%s has what is of that level or above written to standard error', async (level, written) => {
  vi.stubEnv('ANTHROPIC_LOG', level)
  const error = vi.spyOn(console, 'error').mockImplementation(() => {})
  let attempt = 0
  const fetch = async () => (attempt++ ? Response.json({ id: 'msg_1' }) : new Response('', { status: 500 }))
  await createMessage(createClient({ apiKey: 'k', fetch, retry: { baseDelayMs: 0 } }), params)
  const levels = error.mock.calls.map(([line]) => /^enjamb (\w+): /.exec(line)?.[1])
  expect([...new Set(levels)].sort()).toEqual(written)
})

it('a logger that is passed wins over ANTHROPIC_LOG', async () => {
  vi.stubEnv('ANTHROPIC_LOG', 'debug')
  const error = vi.spyOn(console, 'error').mockImplementation(() => {})
  await createMessage(createClient({ apiKey: 'k', fetch: async () => Response.json({ id: 'm' }), logger: {} }), params)
  expect(error).not.toHaveBeenCalled()
})

it('a logger may lack any of its methods, or all', async () => {
  const lines: string[] = []
  const run = async (logger: Logger) => {
    let attempt = 0
    const fetch = async () => (attempt++ ? Response.json({}) : new Response('', { status: 500 }))
    await createMessage(createClient({ apiKey: 'k', fetch, logger, retry: { baseDelayMs: 0 } }), params)
  }
  await run({})
  await run({ debug: (line) => void lines.push(line) })
  await run({ warn: (line) => void lines.push(line) })
  expect(lines.map((line) => line.slice(0, 4))).toEqual(['POST', 'POST', '500 '])
})

/** Credentials of a length that is no word, of all characters that a header takes. */
const credential = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
  minLength: 12,
  maxLength: 60,
})

/** How a server may repeat it. */
const forms: Record<string, (secret: string) => string> = {
  'as it is': (secret) => secret,
  'in a sentence': (secret) => `The key ${secret}, is wrong`,
  'in a URL': (secret) => `https://host.example/?key=${encodeURIComponent(secret)}&a=1`,
}

/** In what it may. */
const answers: Record<string, (text: string) => Response | Promise<Response>> = {
  'an error': (text) => Response.json(errorBody('api_error', text), { status: 500 }),
  'an error of another shape': (text) => Response.json({ detail: [text] }, { status: 500 }),
  'a plain text': (text) => new Response(text, { status: 502 }),
  'no JSON': (text) => new Response(`oops ${text}`),
  'the error of the connection': (text) => Promise.reject(new TypeError('failed', { cause: new Error(text) })),
}

describe.each(Object.entries(forms))('a credential %s', (_, form) => {
  it.each(Object.entries(answers))('in %s stands in no line', async (_, answer) => {
    await fc.assert(
      fc.asyncProperty(credential, fc.constantFrom('apiKey', 'authToken'), async (secret, name) => {
        const lines: string[] = []
        const log = (line: string) => void lines.push(line)
        const options: ClientOptions = { [name]: secret, logger: { debug: log, warn: log }, retry: { baseDelayMs: 0 } }
        const client = createClient({ ...options, fetch: async () => answer(form(secret)) })
        await createMessage(client, params, { retry: { rules: { stream_parse: {} } } }).catch(() => {})
        const text = lines.join('\n')
        expect(lines.length).toBeGreaterThan(2)
        for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) {
          expect(text).not.toContain(form)
        }
      }),
      { numRuns: 50 },
    )
  })
})
