import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import {
  apiErrorFromEvent,
  type ClientOptions,
  createClient,
  createMessage,
  errorToJSON,
  type MessageParams,
} from '../index.ts'

const params: MessageParams = { model: 'claude-haiku-4-5', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] }

/** Everything that a failed call could print of itself. */
async function printedBy(
  options: ClientOptions,
  answer: (secret: string) => Response | Promise<Response>,
  showHidden = true,
) {
  const lines: string[] = []
  const log = (line: string) => lines.push(line)
  const client = createClient({
    retry: { maxRetries: 1, baseDelayMs: 0 },
    logger: { debug: log, warn: log },
    ...options,
    fetch: async (_, init) => {
      const headers = init!.headers as Headers
      return answer(headers.get('x-api-key') ?? headers.get('authorization')!)
    },
  })
  const error = await createMessage(client, params).then(
    () => expect.fail('it was answered'),
    (error) => error,
  )
  return [inspect(error, { depth: 9, showHidden }), JSON.stringify(errorToJSON(error)), ...lines].join('\n')
}

describe('a credential of any form', () => {
  const forms: [string, ClientOptions][] = [
    ['a key', { apiKey: 'gateway/secret+key=9' }],
    ['a token', { authToken: 'ya29.secret_token' }],
    ['a function', { apiKey: async () => '9f8e7d6c-secret' }],
    ['a header', { headers: { authorization: 'Token my-gateway-secret' } }],
  ]
  const answers: [string, (secret: string) => Response | Promise<Response>][] = [
    ['an error', (secret) => Response.json({ error: { type: 'x', message: `Bad ${secret}.` } }, { status: 500 })],
    ['a page', (secret) => new Response(`<p>${secret}</p>`, { status: 403 })],
    ['something that is no JSON', (secret) => new Response(`key ${secret} is`)],
  ]
  it.each(forms.flatMap(([form, options]) => answers.map(([name, answer]) => ({ form, name, options, answer }))))(
    'from $form is not printed where $name repeats it',
    async ({ options, answer }) => {
      expect(await printedBy(options, answer)).not.toMatch(/secret/)
    },
  )

  it('is not in the words for a failure of fetch, whose own error is passed on as it is', async () => {
    const fetch = (_: unknown, init?: RequestInit) =>
      Promise.reject(new TypeError(`cannot send ${(init!.headers as Headers).get('x-api-key')}`))
    const client = createClient({ apiKey: 'plain-old-secret', fetch, retry: { maxRetries: 0 } })
    const error = await createMessage(client, params).catch((error) => error)
    expect(error.message).toContain('cannot send …')
    expect(JSON.stringify(errorToJSON(error))).not.toContain('secret')
  })

  it('is not printed by an error event either', async () => {
    await printedBy({ apiKey: 'plain-old-secret' }, () => new Response('', { status: 500 }))
    const error = apiErrorFromEvent({
      type: 'error',
      error: { type: 'api_error', message: 'plain-old-secret' },
    } as never)
    expect(inspect(error)).not.toContain('secret')
  })
})

it('a text that is too short for a credential is left in peace', async () => {
  expect(await printedBy({ apiKey: 'key' }, () => new Response('no key', { status: 500 }))).toContain('no key')
})

it('an ordinary word that is a key is left in peace', async () => {
  expect(await printedBy({ apiKey: 'password' }, () => new Response('no password', { status: 500 }))).toContain(
    'no password',
  )
})

it('a credential is in no message for a redirect, no request id and nothing that Node adds to its errors', async () => {
  const apiKey = 'plain-old-secret'
  const answers: ((secret: string) => Response | Promise<Response>)[] = [
    (secret) => new Response('', { status: 307, headers: { location: `https://elsewhere/?key=${secret}` } }),
    (secret) => new Response('{}', { status: 500, headers: { 'request-id': secret } }),
    (secret) => new Response(`${'x'.repeat(195)}${secret}`),
    (secret) => {
      const cause = Object.assign(new Error('Response does not match the HTTP/1.1 protocol'), { data: `x ${secret}` })
      return Promise.reject(new TypeError('fetch failed', { cause }))
    },
  ]
  // Headers are a hidden field, which are passed on as they came.
  for (const answer of answers) expect(await printedBy({ apiKey }, answer, false)).not.toMatch(/plain-old|secret/)
})

it.each([
  [new TypeError('fetch failed'), 'fetch failed'],
  [new TypeError('fetch failed', { cause: {} }), 'fetch failed'],
  [new TypeError('fetch failed', { cause: 'no route' }), 'fetch failed'],
  [new Error(''), 'Error'],
  ['a text', 'a text'],
  [undefined, 'undefined'],
])('a failure of fetch has words, whatever it is: %o', async (thrown, words) => {
  const client = createClient({ apiKey: 'k', fetch: () => Promise.reject(thrown), retry: { maxRetries: 0 } })
  await expect(createMessage(client, params)).rejects.toThrow(`: ${words}. Is baseURL right?`)
})
