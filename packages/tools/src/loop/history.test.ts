import { type ContentBlock, toSendable } from '@enjamb/core'
import { describe, expect, test } from 'vitest'
import { closePauses, isCutOff, openCalls, toolUses } from './history.ts'

const block = (fields: { type: string; [field: string]: unknown }) => fields as unknown as ContentBlock
const text = (words: string) => block({ type: 'text', text: words, citations: null })
const use = (id: string, name = 'look') => block({ type: 'tool_use', id, name, input: {} })
const thinking = (signature: string) => block({ type: 'thinking', thinking: 'Hm.', signature })
const redacted = block({ type: 'redacted_thinking', data: 'x' })
const search = block({ type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} })
const found = block({ type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] })

describe('of a reply, what can be sent back', () => {
  const answered = (id: string) => id !== 'open'
  test.each<[string, ContentBlock[], number[]]>([
    ['text, unless it is blank', [text('a'), text(' \n'), text('')], [0]],
    ['thinking that is signed', [thinking('s'), thinking(''), text('a')], [0, 2]],
    ['no thinking at the end, of either kind', [text('a'), thinking('s'), redacted, thinking('s')], [0]],
    ['no thinking that only blank text follows', [text('a'), redacted, text(' ')], [0]],
    ['thinking before anything else', [redacted, thinking('s'), use('toolu_1')], [0, 1, 2]],
    ['calls that were answered', [use('toolu_1'), use('open'), use('toolu_2')], [0, 2]],
    ['one call of each id, the first', [use('toolu_1'), use('toolu_1', 'other'), use('toolu_2')], [0, 2]],
    ['a call of a server tool with its result', [search, found, text('a')], [0, 1, 2]],
    ['what is of a type not known here', [block({ type: 'hologram' })], [0]],
  ])('is %s', (_, blocks, kept) => {
    const expected = kept.map((index) => blocks[index])
    expect(toSendable(blocks, answered, true)).toEqual(expected)
    expect(toSendable(blocks, answered, false)).toEqual(expected)
  })

  test('is a call of a server tool without its result only while the turn goes on', () => {
    expect(toSendable([search], answered, false)).toEqual([search])
    expect(toSendable([search, text('a')], answered, true)).toEqual([text('a')])
  })
})

test('a pause is closed where a prompt follows it, and nowhere else', () => {
  const says = (...content: ContentBlock[]) => ({ role: 'assistant' as const, content })
  const asks = (content: string) => ({ role: 'user' as const, content })
  const answer = { role: 'user' as const, content: [{ type: 'tool_result' as const, tool_use_id: 'toolu_1' }] }
  for (const messages of [
    [asks('a'), says(text('b'), search)],
    [asks('a'), says(search, found), asks('c')],
    [asks('a'), says(search, use('toolu_1')), answer],
    [asks('a'), { role: 'assistant' as const, content: 'b' }, asks('c')],
  ]) {
    expect(closePauses(messages)).toEqual(messages)
  }
  expect(closePauses([asks('a'), says(text('b'), search), asks('c')])).toEqual([asks('a'), says(text('b')), asks('c')])
  expect(closePauses([asks('a'), says(search), asks('c')])).toEqual([asks('a'), asks('c')])
})

test('a history owes the calls that it ends with', () => {
  const calls = [use('toolu_1'), use('toolu_2')] as never[]
  expect(openCalls([{ role: 'assistant', content: calls }])).toEqual(calls)
  expect(
    openCalls([
      { role: 'assistant', content: calls },
      { role: 'user', content: 'x' },
    ]),
  ).toEqual([])
  expect(openCalls([{ role: 'user', content: calls }])).toEqual([])
  expect(openCalls([{ role: 'assistant', content: 'x' }])).toEqual([])
  expect(openCalls([])).toEqual([])
  expect(toolUses(undefined)).toEqual([])
})

test('a reply is cut off where its tokens or the context window ran out', () => {
  const reasons = ['max_tokens', 'model_context_window_exceeded', 'end_turn', 'tool_use', 'refusal', null]
  expect(reasons.filter((stop_reason) => isCutOff({ stop_reason } as never))).toEqual(reasons.slice(0, 2))
  expect(isCutOff(undefined)).toBe(false)
})
