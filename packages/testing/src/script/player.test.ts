import { describe, expect, it } from 'vitest'
import { createPlayer } from './player.ts'
import type { Turn } from './turn.ts'

function start(turns: Turn[]) {
  const player = createPlayer({ turns })
  return async (content: string, more: object = {}, headers: Record<string, string> = {}) => {
    const params = { model: 'm', max_tokens: 10, messages: [{ role: 'user' as const, content }], ...more }
    const { text, error } = await player.play(params, headers)
    return text ?? error
  }
}

describe('a script', () => {
  it('gives its turns in order, then the default', async () => {
    const say = start(['one', { text: 'two' }, ({ index }) => `turn ${index}`, async () => 'four', () => undefined])
    const replies = []
    for (let i = 0; i < 6; i++) replies.push(await say('hi'))
    expect(replies).toEqual(['one', 'two', 'turn 2', 'four', 'You said: hi', 'You said: hi'])
  })

  it('gives each of two requests at once a turn of its own', async () => {
    const say = start([async () => 'one', 'two'])
    expect(await Promise.all([say('a'), say('b')])).toEqual(['one', 'two'])
  })

  it('repeats a turn as often as it says', async () => {
    const say = start([{ times: 2, reply: { error: 429 } }, { times: Infinity, reply: 'yes' }, 'never'])
    const replies = []
    for (let i = 0; i < 5; i++) replies.push(await say('hi'))
    expect(replies).toEqual([429, 429, 'yes', 'yes', 'yes'])
  })

  it('keeps a turn for the request that it is for', async () => {
    const say = start([
      { when: { text: /^weather/gi }, times: 2, reply: 'rain' },
      { when: { model: 'other' }, reply: 'another model' },
      { when: { headers: { 'x-test': 'a' } }, reply: 'a header' },
      { when: { stream: true }, reply: 'a stream' },
      { when: ({ params }) => params.max_tokens > 10, reply: 'a function' },
      'anything',
    ])
    expect(await say('Weather?')).toBe('rain')
    expect(await say('weather!')).toBe('rain')
    expect(await say('x', { stream: true })).toBe('a stream')
    expect(await say('x', { max_tokens: 11 })).toBe('a function')
    expect(await say('x', {}, { 'x-test': 'bab' })).toBe('a header')
    expect(await say('x', { model: 'other' })).toBe('another model')
    expect(await say('weather')).toBe('anything')
  })

  it('tells requests apart by their tool results', async () => {
    const say = start([
      { when: { tool: 'Glob' }, reply: 'files' },
      { when: { tool: 'Read', toolResult: 'secret' }, reply: 'a secret' },
    ])
    const messages = (name: string, result: string) => [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: [{ type: 'tool_use', id: '1', name, input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: '1', content: result }] },
    ]
    expect(await say('', { messages: messages('Read', 'the secret') })).toBe('a secret')
    expect(await say('', { messages: messages('Glob', '') })).toBe('files')
    expect(await say('', { messages: messages('Glob', 'again') })).toBe('Glob returned: again')
  })
})
