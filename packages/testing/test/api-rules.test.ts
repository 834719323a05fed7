import { describe, expect, it } from 'vitest'
import { createAPIHandler } from '../src/index.ts'
import { apiRules } from './fixtures/api-rules.ts'

const api = createAPIHandler()
const plain = { model: 'claude-haiku-5-5', max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }] }

async function ask(body: string | object, betas?: string, path = '/v1/messages') {
  const response = await api(
    new Request(`http://mock${path}`, {
      method: 'POST',
      headers: { 'x-api-key': 'k', 'anthropic-version': '2026-10-21', ...(betas ? { 'anthropic-beta': betas } : {}) },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  )
  if (response.ok) return 'ok'
  const { error } = (await response.json()) as { error: { message: string; details?: unknown } }
  return `${response.status} ${error.message}`
}

describe('a request is accepted or refused as the API does it:', () => {
  it.each(apiRules)('$title', async ({ body, betas, said }) => {
    expect(await ask({ ...plain, ...body }, betas)).toBe(said)
  })

  it.each(apiRules.filter(({ said, body }) => said.startsWith('400') && !('max_tokens' in body)))(
    'and so it is where its tokens are counted: $title',
    async ({ body, betas, said }) => {
      const { max_tokens, ...prompt } = { ...plain, ...body }
      // What is only for an answer has no place there at all.
      const given = await ask(prompt, betas, '/v1/messages/count_tokens')
      expect([said, '400 inference_geo: Extra inputs are not permitted']).toContain(given)
    },
  )
})

describe('half of a surrogate pair', () => {
  const body = (text: string) => JSON.stringify({ ...plain, messages: [{ role: 'user', content: text }] })
  it.each([
    [
      'the first half',
      'a\ud83d',
      '400 The request body is not valid JSON: no low surrogate in string: line 1 column 85 (char 84)',
    ],
    [
      'the second half',
      'a\udc00b',
      '400 The request body is not valid JSON: no low surrogate in string: line 1 column 85 (char 84)',
    ],
    [
      'two first halves',
      '\ud83d\ud83d',
      '400 The request body is not valid JSON: no low surrogate in string: line 1 column 84 (char 83)',
    ],
    ['a whole pair', 'a\ud83d\ude00', 'ok'],
    ['a text that only looks like one', 'a\\ud83d', 'ok'],
  ])('is no JSON to the API: %s', async (_, text, said) => {
    expect(await ask(body(text))).toBe(said)
  })

  it('may be part of a pair of escapes', async () => {
    expect(await ask(body('PAIR').replace('PAIR', '\\ud83d\\ude00'))).toBe('ok')
  })
})

it('says which images are too large', async () => {
  const rule = apiRules.find(({ title }) => title === 'an image of 8,001 pixels')
  const response = await api(
    new Request('http://mock/v1/messages', {
      method: 'POST',
      headers: { 'x-api-key': 'k', 'anthropic-version': '2026-10-21' },
      body: JSON.stringify({ ...plain, ...rule?.body }),
    }),
  )
  expect(await response.json()).toMatchObject({
    error: {
      details: {
        error_code: 'image_dimensions_too_large',
        max_side_length_pixels: 8000,
        paths: ['messages.0.content.0.image.source.base64.data'],
      },
    },
  })
})

it('takes betas of its own, and the fields that they open', async () => {
  const own = createAPIHandler({ betas: ['of-tomorrow-2031-01-01'] })
  const response = await own(
    new Request('http://mock/v1/messages', {
      method: 'POST',
      headers: { 'x-api-key': 'k', 'anthropic-version': '2026-10-21', 'anthropic-beta': 'of-tomorrow-2031-01-01' },
      body: JSON.stringify({ ...plain, tomorrow: true }),
    }),
  )
  expect(response.status).toBe(200)
})
