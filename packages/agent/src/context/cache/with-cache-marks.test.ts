import type { CacheControl, ContentBlockParam, MessageParam, MessageParams, TextBlockParam } from '@enjamb/core'
import { createClient, createMessage } from '@enjamb/core'
import { createMockServer } from '@enjamb/testing'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { findMarks } from './find-marks.ts'
import { withCacheMarks } from './with-cache-marks.ts'

const mark: CacheControl = { type: 'ephemeral' }
const hour: CacheControl = { type: 'ephemeral', ttl: '1h' }
const text = (words: string, more: object = {}): TextBlockParam => ({ type: 'text', text: words, ...more })
const user = (content: MessageParam['content']): MessageParam => ({ role: 'user', content })
const reply = (content: MessageParam['content']): MessageParam => ({ role: 'assistant', content })
const tool = (name: string, more: object = {}) => ({ name, input_schema: { type: 'object' as const }, ...more })

const request = (messages: MessageParam[], more: Partial<MessageParams> = {}): MessageParams => ({
  model: 'claude-sonnet-5-5',
  max_tokens: 64,
  messages,
  ...more,
})
const places = (params: MessageParams) => findMarks(params).map(({ path, ttl }) => `${path.join('.')} ${ttl}`)

describe('marks', () => {
  it('stand on the system prompt, on the end, and on what the request before ended with', () => {
    const messages = [user('One.'), reply('Two.'), user([text('Three.')])]
    const params = request(messages, { system: 'S', tools: [tool('a')] })
    const marked = withCacheMarks(params)
    expect(places(marked)).toEqual(['system.0 5m', 'messages.0.content.0 5m', 'messages.2.content.0 5m'])
    expect(marked.messages[1]).toBe(messages[1])
    expect(params).toEqual(request(messages, { system: 'S', tools: [tool('a')] }))
  })

  it('stand on the last tool that is loaded from the beginning, where there is no system prompt', () => {
    const tools = [tool('a'), tool('b'), tool('c', { defer_loading: true })]
    expect(places(withCacheMarks(request([user('One.')], { tools })))).toEqual([
      'tools.1 5m',
      'messages.0.content.0 5m',
    ])
  })

  it('live for an hour where that is asked for, and are none where caching is off', () => {
    const params = request([user('One.')], { system: [text('S')] })
    expect(places(withCacheMarks(params, '1h'))).toEqual(['system.0 1h', 'messages.0.content.0 1h'])
    expect(withCacheMarks(params, false)).toBe(params)
  })

  it('do not stand on blocks that cannot carry them', () => {
    const content = [text('Seen.'), { type: 'thinking', thinking: 'Hm.', signature: 's' } as ContentBlockParam]
    expect(places(withCacheMarks(request([user('One.'), reply(content)])))).toEqual([
      'messages.0.content.0 5m',
      'messages.1.content.0 5m',
    ])
  })

  it('stand once where the user has put one, and leave those of his that fit', () => {
    const params = request([user([text('One.', { cache_control: mark })]), reply('Two.'), user('Three.')], {
      system: [text('S', { cache_control: mark }), text('T')],
    })
    expect(places(withCacheMarks(params))).toEqual([
      'system.0 5m',
      'system.1 5m',
      'messages.0.content.0 5m',
      'messages.2.content.0 5m',
    ])
  })

  it('take the place of the oldest that the user has put into messages, as one in each prompt would be too many', () => {
    const turns = [1, 2, 3, 4, 5].flatMap((n) => [user([text(`${n}`, { cache_control: mark })]), reply('Yes.')])
    const params = request([...turns, user([text('6', { cache_control: mark })])], { system: 'S' })
    expect(places(withCacheMarks(params))).toEqual([
      'system.0 5m',
      'messages.6.content.0 5m',
      'messages.8.content.0 5m',
      'messages.10.content.0 5m',
    ])
  })
})

/** Texts that differ, with any marks on them. */
const ttl = fc.option(fc.constantFrom(mark, hour), { freq: 5 })
const marked = ttl.map((found) => text('A word.', found ? { cache_control: found } : {}))
const blocks = (max: number) => fc.array(marked, { minLength: 1, maxLength: max })

it('are such as the API takes, whatever the user has marked, unless his own are not', async () => {
  const server = await createMockServer()
  onTestFinished(() => server.close())
  const client = createClient({ apiKey: 'key', baseURL: server.url, retry: { maxRetries: 0 } })
  const accepted = (params: MessageParams) =>
    createMessage(client, params).then(
      () => true,
      () => false,
    )
  await fc.assert(
    fc.asyncProperty(
      fc.option(blocks(2), { nil: undefined }),
      fc.array(fc.tuple(blocks(3), blocks(2)), { maxLength: 4 }),
      blocks(3),
      fc.constantFrom('5m' as const, '1h' as const),
      async (system, turns, prompt, cache) => {
        const messages = [...turns.flatMap(([asked, said]) => [user(asked), reply(said)]), user(prompt)]
        const params = request(messages, system && { system })
        const own = findMarks(params)
        // An hour behind five minutes is refused, and that is for the user to put right.
        fc.pre(own.every(({ ttl }, at) => ttl === '5m' || own.slice(0, at).every((one) => one.ttl === '1h')))
        expect(await accepted(withCacheMarks(params, cache))).toBe(true)
      },
    ),
    { numRuns: 150 },
  )
})
