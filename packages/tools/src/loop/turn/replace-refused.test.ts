import { createClient, type MessageParam } from '@enjamb/core'
import { createMockServer, script } from '@enjamb/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { collect, params, user } from '../../../test/mock-run.ts'
import { defineTool } from '../../define/define-tool.ts'
import { runTools } from '../run-tools.ts'
import { replaceRefused } from './replace-refused.ts'

const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } } as const
const says = (message: string, details?: object) => ({ status: 400, message, body: { error: { details } } })
const result = (...content: object[]): MessageParam =>
  ({ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content }] }) as never

/** An API that refuses every image, one at a time, by where it stands. */
async function strictClient() {
  const server = await createMockServer({ script: script([{ toolCalls: [{ name: 'show' }] }, 'Seen.']) })
  onTestFinished(() => server.close())
  const sent: MessageParam[][] = []
  const fetch = (async (url: string, init: RequestInit) => {
    const { messages } = JSON.parse(String(init.body)) as { messages: { content: unknown }[] }
    sent.push(messages as MessageParam[])
    const path = pathOf(messages)
    if (!path) return globalThis.fetch(url, init)
    const message = `${path}.image.source.base64: Could not process image`
    return Response.json({ type: 'error', error: { type: 'invalid_request_error', message } }, { status: 400 })
  }) as typeof globalThis.fetch
  return { client: createClient({ apiKey: 'test', baseURL: server.url, fetch, retry: { maxRetries: 0 } }), sent }
}

function pathOf(messages: { content: unknown }[]): string | undefined {
  for (const [n, { content }] of messages.entries()) {
    for (const [m, block] of (Array.isArray(content) ? content : []).entries()) {
      if (block.type === 'image') return `messages.${n}.content.${m}`
      const inner = Array.isArray(block.content)
        ? block.content.findIndex((one: { type: string }) => one.type === 'image')
        : -1
      if (inner >= 0) return `messages.${n}.content.${m}.tool_result.content.${inner}`
    }
  }
  return undefined
}

test('a picture that the API refuses is replaced by a text that says so, once, and the run goes on', async () => {
  const { client, sent } = await strictClient()
  const show = defineTool({
    name: 'show',
    description: 'Shows.',
    input: { type: 'object' },
    run: () => [image, { type: 'text', text: 'beside' }, image],
  })
  const run = runTools(client, params([show], [{ role: 'user', content: [image, { type: 'text', text: 'Look.' }] }]))
  const events = await collect(run)
  const { message, messages, turns } = await run.final()
  expect(message.content).toMatchObject([{ text: 'Seen.' }])
  const refused = events.filter(({ type }) => type === 'block_refused')
  expect(refused.map(({ turn }) => turn)).toEqual([1, 2, 2])
  expect(refused[0]).toMatchObject({ error: { code: 'invalid_request' } })
  expect([turns, sent.length]).toEqual([2, 5])
  const gone = {
    type: 'text',
    text: expect.stringMatching(/^\[The API refused this image, .*Could not process image\]$/),
  }
  expect(messages[0]).toMatchObject({ content: [gone, { text: 'Look.' }] })
  expect(messages[2]).toMatchObject({ content: [{ content: [gone, { text: 'beside' }, gone] }] })
})

describe('of a history that is refused', () => {
  const text = { type: 'text', text: 'b' }
  const left = (error: object, message: MessageParam) => {
    const [, changed] = replaceRefused([user('Go.'), message], error) ?? []
    const blocks = changed?.content as { type: string; content?: { type: string }[] }[] | undefined
    return blocks?.flatMap(({ type, content }) => content?.map((one) => one.type) ?? type)
  }

  test('only the block that is named is replaced', () => {
    expect(left(says('messages.1.content.0.tool_result.content.1.image: no'), result(image, image))).toEqual([
      'image',
      'text',
    ])
    expect(left(says('messages.1.content.0.content.0.source: no'), result(image, image))).toEqual(['text', 'image'])
    expect(left(says('messages.1.content.0: no'), result(image, text, image))).toEqual(['text', 'text', 'text'])
    const paths = ['messages.1.content.0.tool_result.content.0']
    expect(left(says('Too large.', { error_code: 'image_dimensions_too_large', paths }), result(image))).toEqual([
      'text',
    ])
  })

  test('all pictures in the last message go where the API does not say which it could not process', () => {
    expect(left(says('400 invalid_request_error: Could not process image'), result(image, text))).toEqual([
      'text',
      'text',
    ])
    expect(replaceRefused([result(image), user('And?')], says('Could not process image'))).toBeUndefined()
  })

  test('nothing is replaced that is no picture, document or search result, or by another error', () => {
    for (const error of [
      says('messages.1.content.0.text: no'),
      says('messages.9.content.0.image: no'),
      says('messages.0.content.0.image: no'),
      says('max_tokens: no'),
      { status: 413, message: 'messages.1.content.0.image: no' },
      new Error('messages.1.content.0.image: no'),
      undefined,
    ]) {
      expect(replaceRefused([user('Go.'), { role: 'user', content: [text as never] }], error)).toBeUndefined()
    }
  })
})

const thought = (text: string): MessageParam => ({
  role: 'assistant',
  content: [
    { type: 'thinking', thinking: 'Hm.', signature: 'sig' },
    { type: 'text', text },
  ],
})
const said = (text: string): MessageParam => ({ role: 'assistant', content: [{ type: 'text', text }] })

describe('thinking', () => {
  const messages = [
    user('One.'),
    thought('Two.'),
    { role: 'user' as const, content: [image, { type: 'text' as const, text: 'Three.' }] },
    thought('Four.'),
  ]

  test('that was made behind a block goes with it, and what was made before stays', () => {
    const error = says('messages.2.content.0.image.source.base64: Could not process image')
    const mended = replaceRefused(messages, error)!
    expect(mended.slice(0, 2)).toEqual(messages.slice(0, 2))
    expect(mended[3]).toEqual(said('Four.'))
  })

  test('goes where the API no longer takes it, once', () => {
    const place = 'messages.1.content.0: '
    for (const words of ['Invalid `signature` in `thinking` block.', '`thinking` blocks cannot be modified.']) {
      const mended = replaceRefused(messages, says(place + words))!
      expect(mended).toEqual([messages[0], said('Two.'), messages[2], said('Four.')])
      expect(replaceRefused(mended, says(place + words))).toBeUndefined()
    }
    expect(replaceRefused(messages, says('thinking.budget_tokens: Input should be greater than 1024'))).toBeUndefined()
  })
})
