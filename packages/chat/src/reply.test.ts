import { costOf, StreamParseError } from '@enjamb/core'
import { createMockServer, type MockServer, type Reply as Scripted, script } from '@enjamb/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { createChat } from './index.ts'

let server: MockServer
afterEach(() => server.close())

async function setUp(reply: Scripted) {
  server = await createMockServer({ script: script([{ times: Number.POSITIVE_INFINITY, reply }]) })
  return createChat({ apiKey: 'key', baseURL: server.url })
}

const answers: [name: string, turn: Scripted, text: string][] = [
  ['text', 'Some text.', 'Some text.'],
  ['no content', { content: [] }, ''],
  ['a refusal in the middle', { text: 'I', stopReason: 'refusal' }, 'I'],
  ['an answer that was cut off', { text: 'One two', stopReason: 'max_tokens' }, 'One two'],
  ['an answer that is to go on', { text: 'One two', stopReason: 'pause_turn' }, 'One two'],
  [
    'a block nobody knows',
    {
      content: [
        { type: 'novel', of: 1 },
        { type: 'text', text: 'x' },
      ],
    },
    'x',
  ],
  ['a call of a tool', { text: 'So:', toolCalls: [{ name: 'look', input: { at: [1, null, '"'] } }] }, 'So:'],
  ['an answer that cost more', { text: 'a', usage: { cache_read_input_tokens: 5, output_tokens: 7 } }, 'a'],
]

describe.each(answers)('%s', (_, turn, text) => {
  it('is the same reply, whole and streamed, and costs what its usage says', async () => {
    const chat = await setUp(turn)
    const options = { body: { tools: [{ name: 'look', input_schema: { type: 'object' } }] }, project: 'p' }
    const [whole, streamed] = [await chat.chat('Hi', options), await chat.stream('Hi', options).final()]
    expect(whole.text).toBe(text)
    expect(await chat.collect('Hi', options)).toBe(text)
    for (const { cost, model, usage, stopReason, message } of [whole, streamed]) {
      expect(cost).toEqual(costOf(model, usage))
      expect(stopReason).toBe(message.stop_reason)
    }
    const withoutIds = (reply: object) => JSON.stringify(reply).replace(/"(msg|req|toolu)_\w+"/g, '"$1"')
    expect(JSON.parse(withoutIds(streamed))).toEqual(JSON.parse(withoutIds(whole)))
  })
})

it.each(['{}', 'null', '[]', '"hello"', '{ "usage": {}, "choices": [] }', '<html>'])(
  'a gateway that answers 200 and %s is no reply',
  async (raw) => {
    const chat = await setUp({ raw, status: 200 })
    await expect(chat.chat('Hi')).rejects.toThrow(StreamParseError)
  },
)

it('a gateway that answers 200 and an error has failed with it', async () => {
  const chat = await setUp({ raw: '{ "error": { "code": 402, "message": "Quota." } }', status: 200 })
  await expect(chat.chat('Hi')).rejects.toMatchObject({ code: 'billing', message: expect.stringContaining('Quota.') })
})
