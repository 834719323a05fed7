import { getEventListeners } from 'node:events'
import { addUsage, ConfigError, costOf, findModel, OverloadedError, ServerError, sumCosts } from '@enjamb/core'
import { defineTool, toolset } from '@enjamb/tools'
import { describe, expect, it, vi } from 'vitest'
import { failureOf, mockChat } from '../../test/mock-chat.ts'
import { parse, toMessages, withFallback } from '../index.ts'

const idOf = (alias: string) => findModel(alias)!.id
const once = { retry: { maxRetries: 0 } }

describe('after a refusal, the API asks the other model', () => {
  it('in the same request, and the reply says who answered, at what price', async () => {
    const { chat, sent, server } = await mockChat([{ text: 'They train the body.', refusal: 'bio' }], {
      model: 'fable',
    })
    const reply = await withFallback(chat, { models: ['opus', 'haiku'] }).chat('How do vaccines work?', {
      effort: 'low',
    })
    expect(reply).toMatchObject({
      text: 'They train the body.',
      model: idOf('opus'),
      stopReason: 'end_turn',
      declined: [{ model: idOf('fable'), reason: 'refusal' }],
    })
    expect(sent()).toMatchObject([
      {
        model: idOf('fable'),
        fallbacks: [
          { model: idOf('opus'), output_config: { effort: 'low' } },
          { model: idOf('haiku'), output_config: { effort: 'low' } },
        ],
      },
    ])
    const [entry] = server.ledger.entries
    expect(reply.cost).toEqual(costOf(entry!.model, entry!.usage, reply.message))
  })

  it('in the middle of a stream, and the conversation goes on', async () => {
    const turn = { text: 'Now the answer.', refusal: { category: 'cyber', after: 'Well, ' } } as const
    const { chat } = await mockChat([turn], { model: 'fable' })
    const careful = withFallback(chat, { models: ['opus'] })
    const stream = careful.stream('Hi')
    let text = ''
    for await (const piece of stream.text()) text += piece
    expect(text).toBe('Well, Now the answer.')
    const reply = await stream.final()
    expect(reply).toMatchObject({ text, model: idOf('opus'), declined: [{ model: idOf('fable') }] })
    const next = await careful.chat([...toMessages(reply), { role: 'user', content: 'And?' }])
    expect(next).toMatchObject({ text: 'You said: And?', declined: [] })
  })

  it('each asked only for what it can do', async () => {
    const { chat, sent } = await mockChat([], { model: 'haiku' })
    await withFallback(chat, { models: ['opus', 'claude-haiku-4-5'] }).chat('Hi', { thinking: false, effort: 'low' })
    expect(sent()[0]).toMatchObject({
      thinking: { type: 'disabled' },
      output_config: { effort: 'low' },
      fallbacks: [
        { model: idOf('opus'), thinking: null, output_config: null },
        { model: 'claude-haiku-4-5', thinking: null, output_config: null },
      ],
    })
  })
})

describe('where the API does not, the other model is asked from here', () => {
  const here = { models: ['opus'], server: false }

  it('after a refusal, and both are paid for', async () => {
    const { chat, sent, server } = await mockChat([{ refusal: { category: 'bio' } }, 'Yes.'], { model: 'fable' })
    const reply = await withFallback(chat, here).chat('Hi')
    expect(reply).toMatchObject({
      text: 'Yes.',
      model: idOf('opus'),
      declined: [{ model: idOf('fable'), reason: 'refusal' }],
    })
    expect(sent().map(({ model, fallbacks }) => [model, fallbacks])).toEqual([
      [idOf('fable'), undefined],
      [idOf('opus'), undefined],
    ])
    const { entries } = server.ledger
    expect(entries).toHaveLength(2)
    expect(reply.cost).toEqual(sumCosts(entries.map(({ model, usage }) => costOf(model, usage))))
    expect(reply.usage).toEqual(addUsage(entries[0]!.usage, entries[1]!.usage))
  })

  it('of a stream, as long as no text was shown', async () => {
    const { chat } = await mockChat([{ refusal: 'bio' }, 'Yes.', { refusal: { category: 'bio', after: 'Well' } }], {
      model: 'fable',
    })
    const stream = withFallback(chat, here).stream('Hi')
    let text = ''
    for await (const piece of stream) text += piece.text
    expect(text).toBe('Yes.')
    expect(await stream.final()).toMatchObject({ model: idOf('opus'), declined: [{ reason: 'refusal' }] })
    const shown = await withFallback(chat, here).stream('Hi').final()
    expect(shown).toMatchObject({ text: 'Well', stopReason: 'refusal', declined: [] })
  })

  it('and the refusal stands, where all refuse', async () => {
    const { chat } = await mockChat([{ reply: { refusal: 'cyber' }, times: 2 }], { model: 'fable' })
    const reply = await withFallback(chat, here).chat('Hi')
    expect(reply).toMatchObject({ stopReason: 'refusal', model: idOf('opus'), declined: [{ model: idOf('fable') }] })
  })
})

describe('after an overload', () => {
  it('another model is asked, in a call and in a stream', async () => {
    const { chat, sent } = await mockChat([{ error: 529 }, 'Yes.', { error: 529 }, 'Yes.'], { model: 'fable', ...once })
    const careful = withFallback(chat, { models: ['opus', 'haiku'] })
    const declined = [{ model: idOf('fable'), reason: 'error', error: expect.any(OverloadedError) }]
    expect(await careful.chat('Hi')).toMatchObject({ text: 'Yes.', model: idOf('opus'), declined })
    const stream = careful.stream('Hi')
    let text = ''
    for await (const piece of stream) text += piece.text
    expect(text).toBe('Yes.')
    expect(await stream.final()).toMatchObject({ model: idOf('opus'), declined })
    expect(sent()[1]).toMatchObject({ model: idOf('opus'), fallbacks: [{ model: idOf('haiku') }] })
  })

  it('of all, the last error is thrown, and any other at once', async () => {
    const { chat, sent } = await mockChat([{ error: 529 }, { error: 529 }, { error: 500 }], once)
    const careful = withFallback(chat, { models: ['opus'] })
    expect(await failureOf(careful.stream('Hi').final())).toBeInstanceOf(OverloadedError)
    expect(await failureOf(careful.chat('Hi'))).toBeInstanceOf(ServerError)
    expect(sent()).toHaveLength(3)
  })

  it('or whatever else is said', async () => {
    const { chat } = await mockChat([{ error: 500 }, 'Yes.'], once)
    const careful = withFallback(chat, { models: ['opus'], after: (error) => error instanceof ServerError })
    expect((await careful.chat('Hi')).text).toBe('Yes.')
  })

  it('no tool runs twice: once it has run, no other model begins anew', async () => {
    const run = vi.fn(() => 'done')
    const pay = defineTool({ name: 'pay', description: 'Pays.', input: { type: 'object' }, run })
    const { chat } = await mockChat([{ error: 529 }, { toolCalls: [{ name: 'pay' }] }, { error: 529 }], once)
    const careful = withFallback(chat, { models: ['opus', 'haiku'] })
    expect(await failureOf(careful.chat('Pay.', { tools: toolset([pay]) }))).toBeInstanceOf(OverloadedError)
    expect(run).toHaveBeenCalledTimes(1)
  })
})

it('holds the answer of the other model to a schema, too', async () => {
  const { chat } = await mockChat([{ text: '{"a": 1}', refusal: 'bio' }], { model: 'fable' })
  const schema = { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] } as const
  expect((await parse(withFallback(chat, { models: ['opus'] }), 'Hi', { schema })).value).toEqual({ a: 1 })
})

it('leaves no listener, however the stream is read', async () => {
  const { chat } = await mockChat([{ times: Number.POSITIVE_INFINITY, reply: 'A few words, in some pieces.' }])
  const careful = withFallback(chat, { models: ['opus'] })
  const { signal } = new AbortController()
  await careful.stream('Hi', { signal }).final()
  await careful.chat('Hi', { signal })
  for await (const _ of careful.stream('Hi', { signal })) break
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

it.each([[[]], [['opuss']], [undefined]])('refuses the models %j', async (models) => {
  const { chat } = await mockChat()
  expect(() => withFallback(chat, { models: models as string[] })).toThrow(ConfigError)
})
