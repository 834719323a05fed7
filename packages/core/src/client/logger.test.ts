import { Console } from 'node:console'
import { Writable } from 'node:stream'
import createDebug from 'debug'
import fc from 'fast-check'
import pino from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import { errorBody, type LocalServer, reply, serve } from '../../test/serve.ts'
import { type ClientOptions, createClient, createMessage, type MessageParams } from '../index.ts'
import type { Logger } from './logger.ts'

const params: MessageParams = { model: 'claude-haiku-4-5', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] }

const servers: LocalServer[] = []
afterEach(async () => {
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
      else reply(response, 200, { id: 'msg_1' })
    })
    servers.push(server)
    const { logger, written } = make()
    const client = createClient({ apiKey: 'k', baseURL: server.url, logger, retry: { baseDelayMs: 0 } })
    await createMessage(client, params)
    const url = `${server.url}/v1/messages`
    const lines = written().trimEnd().split('\n')
    expect(lines).toHaveLength(5)
    expect(lines.filter((line) => line === `POST ${url}`)).toHaveLength(3)
    expect(lines[1]).toMatch(/^529 overloaded_error: Busy at 100% load, .*Retry in 0 ms\./)
    expect(lines[3]).toMatch(/^No complete answer from .*Retry in 0 ms\./)
  })
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
