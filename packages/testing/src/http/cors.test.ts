import { describe, expect, it } from 'vitest'
import { createAPIHandler } from '../api-handler.ts'

const url = 'https://api.anthropic.com/v1/messages'
const consent = 'anthropic-dangerous-direct-browser-access'
const body = JSON.stringify({
  model: 'claude-opus-5-5',
  max_tokens: 100,
  messages: [{ role: 'user', content: 'Hi' }],
})

function send(headers: Record<string, string>, init: RequestInit = { method: 'POST', body }) {
  const api = createAPIHandler()
  return api(
    new Request(url, { ...init, headers: { 'anthropic-version': '2026-10-21', 'x-api-key': 'k', ...headers } }),
  )
}

function ask(headers: string) {
  const api = createAPIHandler()
  const request = new Request(url, {
    method: 'OPTIONS',
    headers: { 'access-control-request-method': 'POST', 'access-control-request-headers': headers },
  })
  return { api, response: api(request) }
}

describe('a page of another origin', () => {
  it('may send what it asks to send, when that says that direct access is meant', async () => {
    const { api, response } = ask(`${consent},anthropic-version,x-api-key`)
    const { headers, status } = await response
    expect(status).toBe(200)
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(headers.get('access-control-allow-headers')).toBe(`${consent},anthropic-version,x-api-key`)
    expect(api.requests).toEqual([])
  })

  it('may not otherwise', async () => {
    const { headers } = await ask('x-api-key').response
    expect(headers.get('access-control-allow-origin')).toBe(null)
  })

  it('may read every answer, an error too', async () => {
    for (const key of ['k', '']) {
      const { headers, status } = await send({ origin: 'https://app.example', [consent]: 'true', 'x-api-key': key })
      expect(status).toBe(key === '' ? 401 : 200)
      expect(headers.get('access-control-allow-origin')).toBe('*')
      expect(headers.get('access-control-expose-headers')).toBe('*')
    }
  })

  it('is refused in the words of the API when it does not say that direct access is meant', async () => {
    const response = await send({ origin: 'https://app.example' })
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({
      error: { type: 'authentication_error', message: `CORS requests must set '${consent}' header` },
    })
  })
})

it('answers a program without a word on origins, and refuses its OPTIONS', async () => {
  const { headers, status } = await send({})
  expect(status).toBe(200)
  expect(headers.get('access-control-allow-origin')).toBe(null)
  expect((await send({}, { method: 'OPTIONS' })).status).toBe(405)
})
