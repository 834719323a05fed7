import { ConfigError, createUsageMeter, findModel } from '@enjamb/core'
import { defineTool, toolset } from '@enjamb/tools'
import { describe, expect, it } from 'vitest'
import { failureOf, mockChat } from '../../test/mock-chat.ts'
import { batch, replyEvents, withAuto } from '../index.ts'

const idOf = (alias: string) => findModel(alias)!.id
const hard = 'Prove that there is no largest prime, and explain it.'

describe('a chat that chooses its models', () => {
  it('takes the one that suits each call, and says why', async () => {
    const { chat, sent } = await mockChat()
    const auto = withAuto(chat)
    const easy = await auto.chat('Hi')
    expect(easy).toMatchObject({ model: idOf('haiku'), choice: { model: idOf('haiku'), why: /^haiku/ } })
    expect((await auto.chat(hard, { model: 'auto' })).choice).toEqual({
      model: idOf('opus'),
      why: 'opus for a word such as "explain", a word such as "prove"',
    })
    expect(sent().map(({ model }) => model)).toEqual([idOf('haiku'), idOf('opus')])
  })

  it('leaves alone the calls that name one', async () => {
    const { chat } = await mockChat()
    const reply = await withAuto(chat).chat(hard, { model: 'sonnet' })
    expect(reply).toMatchObject({ model: idOf('sonnet'), choice: undefined })
  })

  it('fits thinking and effort to the model that it chose', async () => {
    const { chat, sent } = await mockChat([], { thinking: false, effort: 'low' })
    await withAuto(chat).chat('Hi')
    await withAuto(chat).chat(hard)
    expect(sent().map(({ thinking }) => thinking)).toEqual([{ type: 'disabled' }, undefined])
  })

  it('streams, and collects', async () => {
    const { chat } = await mockChat(['One of these.'])
    const auto = withAuto(chat)
    const stream = auto.stream(hard)
    let text = ''
    for await (const piece of stream) text += piece.text
    expect(await stream.final()).toMatchObject({ text, choice: { model: idOf('opus') } })
    expect(await auto.collect('Hi')).toBe('You said: Hi')
    const types: string[] = []
    for await (const { type } of replyEvents(auto.stream('Hi'))) types.push(type)
    expect(types.at(-1)).toBe('message_stop')
  })

  it('runs tools, and batches', async () => {
    const { chat } = await mockChat()
    const auto = withAuto(chat)
    const look = defineTool({ name: 'look', description: 'Looks.', input: { type: 'object' }, run: () => 'seen' })
    expect(await auto.chat('Use look.', { tools: toolset([look]) })).toMatchObject({
      text: 'look returned: seen',
      choice: { model: idOf('haiku') },
    })
    const { results } = await batch(auto, ['Hi', hard])
    expect(results.map(({ reply }) => reply?.model)).toEqual([idOf('haiku'), idOf('opus')])
  })

  it('takes another rule', async () => {
    const { chat } = await mockChat()
    const auto = withAuto(chat, { choose: () => ({ model: 'sonnet', why: 'always' }) })
    expect(await auto.chat('Hi')).toMatchObject({ model: idOf('sonnet'), choice: { why: 'always' } })
  })
})

describe('where little is left', () => {
  it('a cheaper model answers, as the meter knows', async () => {
    const meter = createUsageMeter({ budgets: { rich: { usd: 5 }, poor: { usd: 0.05 } } })
    const { chat } = await mockChat([], { middleware: [meter.middleware], maxTokens: 500 })
    const auto = withAuto(chat, { remaining: meter })
    expect((await auto.chat(hard, { project: 'rich' })).model).toBe(idOf('opus'))
    const poor = await auto.stream(hard, { project: 'poor' }).final()
    expect(poor.model).toBe(idOf('sonnet'))
    expect(poor.choice?.why).toMatch(/in place of opus, which is too dear/)
    expect((await auto.chat(hard, { project: 'without' })).model).toBe(idOf('opus'))
  })

  it('a function may say it', async () => {
    const { chat } = await mockChat()
    expect((await withAuto(chat, { remaining: async () => 0 }).chat(hard)).model).toBe(idOf('haiku'))
    expect((await withAuto(chat, { remaining: () => undefined }).chat(hard)).model).toBe(idOf('opus'))
  })

  it('is never overlooked for a slip of the pen', async () => {
    const { chat } = await mockChat()
    expect(() => withAuto(chat, { remaning: 0 } as never)).toThrow(/did you mean remaining/)
  })

  it('what it throws is thrown to whoever reads, and nothing is sent', async () => {
    const { chat, sent } = await mockChat()
    const auto = withAuto(chat, { remaining: () => Promise.reject(new Error('no books')) })
    expect(await failureOf(auto.chat('Hi'))).toMatchObject({ message: 'no books' })
    const stream = auto.stream('Hi')
    await expect(stream.text()[Symbol.asyncIterator]().next()).rejects.toThrow('no books')
    await expect(stream.final()).rejects.toThrow('no books')
    expect(sent()).toEqual([])
  })
})

it('a stream is aborted before it has begun, and refused at once where the call is wrong', async () => {
  const { chat, sent } = await mockChat()
  const stream = withAuto(chat).stream('Hi')
  stream.abort('enough')
  expect(await failureOf(stream.final())).toMatchObject({ code: 'request_aborted', cause: 'enough' })
  expect(sent()).toEqual([])
  expect(() => withAuto(chat).stream('')).toThrow(ConfigError)
  expect(() => withAuto(chat).stream('Hi', { model: 'sonet' })).toThrow(ConfigError)
})
