import { costOf, sumCosts } from '@enjamb/core'
import { defineTool, TurnLimitError, toolset } from '@enjamb/tools'
import { describe, expect, it } from 'vitest'
import { failureOf, mockChat } from '../test/mock-chat.ts'
import { replyEvents, toMessages, totalTokens } from './index.ts'

const weather = defineTool({
  name: 'weather',
  description: 'The weather in a city, now.',
  input: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  run: ({ city }) => `Sunny in ${city}`,
})
const tools = toolset([weather])
const call = (city: string) => ({ text: 'So: ', toolCalls: [{ name: 'weather', input: { city } }] })

describe('a chat with tools', () => {
  it('runs them until the model is done, and counts all requests', async () => {
    const { chat, sent, server } = await mockChat([call('Rome'), call('Paris'), 'Sunny in both.'])
    const reply = await chat.chat('Where is it sunny?', { tools, project: 'p', effort: 'low', timeoutMs: 60_000 })
    expect(reply).toMatchObject({ text: 'Sunny in both.', stopReason: 'end_turn', project: 'p' })
    expect(sent().map(({ stream, output_config }) => [stream, output_config])).toEqual(
      Array(3).fill([true, { effort: 'low' }]),
    )
    expect(reply.messages).toEqual(sent()[2]?.messages)
    const { entries } = server.ledger
    expect(reply.cost).toEqual(sumCosts(entries.map(({ model, usage }) => costOf(model, usage))))
    expect(totalTokens(reply.usage)).toBe(entries.reduce((sum, { usage }) => sum + totalTokens(usage), 0))
    // What comes next is accepted.
    const next = await chat.chat([...toMessages(reply), { role: 'user', content: 'And now?' }], { tools })
    expect(next.text).toBe('You said: And now?')
  })

  it('streams the text of all answers, or their events', async () => {
    const { chat } = await mockChat([call('Rome'), 'Sunny.', call('Rome'), 'Sunny.'])
    const stream = chat.stream('Hi', { tools })
    let text = ''
    for await (const piece of stream) text += piece.text
    expect(text).toBe('So: Sunny.')
    expect((await stream.final()).text).toBe('Sunny.')
    const types: string[] = []
    for await (const { type } of replyEvents(chat.stream('Hi', { tools }))) types.push(type)
    expect(types.filter((type) => type === 'message_start')).toHaveLength(2)
    expect(types.at(-1)).toBe('message_stop')
  })

  it('gives the text of the last answer, where it is collected', async () => {
    const { chat } = await mockChat([call('Rome'), 'Sunny.'])
    expect(await chat.collect('Hi', { tools })).toBe('Sunny.')
  })

  it('ends after as many requests as may be, and when it is aborted', async () => {
    const { chat, sent } = await mockChat([{ reply: call('Rome'), times: Number.POSITIVE_INFINITY }])
    expect(await failureOf(chat.chat('Hi', { tools, maxTurns: 2 }))).toBeInstanceOf(TurnLimitError)
    expect(sent()).toHaveLength(2)
    const stream = chat.stream('Hi', { tools })
    for await (const _ of stream) break
    expect(await failureOf(stream.final())).toMatchObject({ code: 'request_aborted' })
    const controller = new AbortController()
    controller.abort('enough')
    expect(await failureOf(chat.chat('Hi', { tools, signal: controller.signal }))).toMatchObject({ cause: 'enough' })
  })
})
