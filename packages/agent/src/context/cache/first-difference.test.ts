import type { MessageParam, MessageParams } from '@enjamb/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firstDifference } from './first-difference.ts'

const user = (content: MessageParam['content']): MessageParam => ({ role: 'user', content })
const reply = (content: MessageParam['content']): MessageParam => ({ role: 'assistant', content })
const tool = (name: string, description = '') => ({ name, description, input_schema: { type: 'object' as const } })
const text = (words: string) => ({ type: 'text' as const, text: words })
const marked = (words: string) => ({ ...text(words), cache_control: { type: 'ephemeral' as const } })

const before: MessageParams = {
  model: 'm',
  max_tokens: 1,
  tools: [tool('Read'), tool('Write')],
  system: [text('One.'), text('Two.')],
  messages: [user('Hi'), reply([text('Ho'), text('Hum')]), user([text('And?')])],
}

describe('the first difference', () => {
  it.each<[string, Partial<MessageParams>, string]>([
    ['another model', { model: 'n', tools: [] }, 'model'],
    ['another description of a tool', { tools: [tool('Read', 'Reads.'), tool('Write')] }, 'tools: "Read"'],
    ['tools in another order', { tools: [tool('Write'), tool('Read')] }, 'tools: "Read"'],
    ['one tool more', { tools: [...before.tools!, tool('Bash')] }, 'tools: "Bash"'],
    ['one tool less', { tools: [tool('Read')] }, 'tools: "Write"'],
    ['another text in the system prompt', { system: [text('One.'), text('Three.')] }, 'system[1]'],
    ['one text more in it', { system: [text('One.'), text('Two.'), text('T')] }, 'system[2]'],
    ['no system prompt', { system: undefined as never }, 'system[0]'],
    ['another way to think', { thinking: { type: 'disabled' } }, 'thinking'],
    ['another choice of tools', { tool_choice: { type: 'none' } }, 'tool_choice'],
    ['another first message', { messages: [user('Ha')] }, 'messages[0].content[0]'],
    ['a message less', { messages: before.messages.slice(0, 2) }, 'messages[2]'],
    ['another role', { messages: [reply('Hi')] }, 'messages[0]'],
    ['a block less', { messages: [user('Hi'), reply('Ho')] }, 'messages[1].content[1]'],
    ['a block more in what is not the end', { messages: [user([text('Hi'), text('!')])] }, 'messages[0].content[1]'],
  ])('is named: %s', (_, changed, name) => {
    expect(firstDifference(before, { ...before, ...changed })).toBe(name)
  })

  it('is named also where only the order of keys is another, which the API sees', () => {
    const call = (input: object): MessageParam[] => [
      user('Hi'),
      reply([{ type: 'tool_use', id: 't', name: 'n', input }]),
    ]
    expect(firstDifference({ messages: call({ a: 1, b: 2 }) }, { messages: call({ b: 2, a: 1 }) })).toBe(
      'messages[1].content[0]',
    )
  })

  it('is none where marks differ, a text is written as a block, or something is added at the end', () => {
    const messages: MessageParam[] = [
      user([marked('Hi')]),
      reply([text('Ho'), marked('Hum')]),
      user([text('And?'), text('More.')]),
      reply('Yes.'),
    ]
    const system = [text('One.'), marked('Two.')]
    expect(firstDifference(before, { ...before, system, messages })).toBeUndefined()
    expect(firstDifference(before, structuredClone(before))).toBeUndefined()
  })

  it('is in what a result holds, and not in its marks', () => {
    const result = (...content: ReturnType<typeof text>[]): MessageParam[] => [
      user([{ type: 'tool_result', tool_use_id: 't', content }]),
      reply('Yes.'),
    ]
    const first = { messages: result(text('a'), text('b')) }
    expect(firstDifference(first, { messages: result(text('a'), marked('b')) })).toBeUndefined()
    expect(firstDifference(first, { messages: result(text('a'), text('c')) })).toBe('messages[0].content[0]')
  })
})

it('there is one between two requests exactly where the bytes of one do not begin the other', () => {
  const words = fc.constantFrom('a', 'b')
  const messages = fc.array(fc.array(words.map(text), { minLength: 1, maxLength: 2 }), { maxLength: 3 })
  const bytes = (list: ReturnType<typeof text>[][]) => list.map((content) => JSON.stringify(content)).join('\n')
  fc.assert(
    fc.property(messages, messages, (one, other) => {
      const difference = firstDifference({ messages: one.map(user) }, { messages: other.map(user) })
      const [begin, all] = [bytes(one).replace(/\]$/, ''), bytes(other)]
      const begins = one.length === 0 || (all.startsWith(begin) && /^$|^[\],]/.test(all.slice(begin.length)))
      expect(difference === undefined).toBe(begins)
    }),
  )
})

it('what is the very same is not read again, so that a long history costs a look at each message', () => {
  let reads = 0
  const block = { type: 'text' as const, get text() { reads++; return 'Hi' } } // biome-ignore format: a counter
  const messages = Array.from({ length: 1_000 }, () => user([block]))
  expect(firstDifference({ messages }, { messages: [...messages, reply('Ho')] })).toBeUndefined()
  expect(firstDifference({ messages }, { messages: messages.map(({ content }) => user(content)) })).toBeUndefined()
  expect(reads).toBe(0)
})
