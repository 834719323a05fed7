import { ConfigError, findModel, type MessageParam, OverloadedError } from '@enjamb/core'
import { defineTool, toolset } from '@enjamb/tools'
import { describe, expect, it, vi } from 'vitest'
import { failureOf, mockChat } from '../../test/mock-chat.ts'
import { type Conversation, conversation, withAuto } from '../index.ts'

const question = (content: string): MessageParam => ({ role: 'user', content })
const said = ({ messages }: ReturnType<Conversation['getSnapshot']>) =>
  messages.map(({ role, content }) => {
    const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : content
    return `${role}: ${blocks.flatMap((block) => ('text' in block ? block.text : [])).join('')}`
  })

/** Waits for a state, as an interface would see it. */
async function until(talk: Conversation, is: (snapshot: ReturnType<Conversation['getSnapshot']>) => boolean) {
  if (is(talk.getSnapshot())) return
  await new Promise<void>((resolve) => {
    const leave = talk.subscribe(() => {
      if (!is(talk.getSnapshot())) return
      leave()
      resolve()
    })
  })
}

describe('a conversation', () => {
  it('keeps what is said, and tells of each change', async () => {
    const { chat, sent } = await mockChat(['The Rhine, of course.', 'In Switzerland.'])
    const talk = conversation(chat, { system: 'Be brief.' })
    const seen: string[] = []
    talk.subscribe(() => seen.push(talk.getSnapshot().status))
    const reply = await talk.send('Name a river.')
    expect(reply?.text).toBe('The Rhine, of course.')
    expect(seen[0]).toBe('waiting')
    expect(seen.at(-1)).toBe('ready')
    expect(seen).toContain('streaming')
    await talk.send('Where does it begin?')
    expect(said(talk.getSnapshot())).toEqual([
      'user: Name a river.',
      'assistant: The Rhine, of course.',
      'user: Where does it begin?',
      'assistant: In Switzerland.',
    ])
    expect(sent()[1]).toMatchObject({ system: 'Be brief.', messages: [{}, {}, { content: 'Where does it begin?' }] })
  })

  it('has a snapshot that is the same until something changes, and is never changed', async () => {
    const { chat } = await mockChat()
    const talk = conversation(chat)
    const before = talk.getSnapshot()
    expect(talk.getSnapshot()).toBe(before)
    await talk.send('Hi')
    expect(talk.getSnapshot()).not.toBe(before)
    expect(talk.getSnapshot()).toBe(talk.getSnapshot())
    expect(before).toEqual({ messages: [], status: 'ready', answer: '', reply: undefined, error: undefined })
  })

  it('copies no history for a piece of text', async () => {
    const { chat } = await mockChat(['A few words, in some pieces, one after the other.'])
    const talk = conversation(chat)
    const histories = new Set<unknown>()
    talk.subscribe(() => talk.getSnapshot().status === 'streaming' && histories.add(talk.getSnapshot().messages))
    await talk.send('Hi')
    expect(histories.size).toBe(1)
  })

  it('is kept elsewhere, and goes on from there', async () => {
    const { chat } = await mockChat(['One.', 'Two.'])
    const saved: string[] = []
    const save = (messages: readonly MessageParam[]) => saved.push(JSON.stringify(messages))
    await conversation(chat, { save }).send('Hi')
    expect(saved.map((json) => JSON.parse(json).length)).toEqual([1, 2])
    const again = conversation(chat, { messages: JSON.parse(saved.at(-1)!) })
    await again.send('More')
    expect(said(again.getSnapshot())).toEqual(['user: Hi', 'assistant: One.', 'user: More', 'assistant: Two.'])
  })

  it('keeps the model that was chosen for its first answer', async () => {
    const { chat, sent } = await mockChat()
    const talk = conversation(withAuto(chat))
    await talk.send('Hi')
    await talk.send('Explain and prove it.')
    expect(sent().map(({ model }) => model)).toEqual(Array(2).fill(findModel('haiku')!.id))
  })

  it('runs tools, and has their results in its history', async () => {
    const look = defineTool({ name: 'look', description: 'Looks.', input: { type: 'object' }, run: () => 'seen' })
    const { chat } = await mockChat()
    const talk = conversation(chat, { tools: toolset([look]) })
    await talk.send('Use look.')
    expect(talk.getSnapshot().messages).toHaveLength(4)
    await talk.send('And now?')
    expect(said(talk.getSnapshot()).at(-1)).toBe('assistant: You said: And now?')
  })
})

describe('an answer that is stopped', () => {
  it('leaves what has come of it, and the conversation goes on', async () => {
    const { chat } = await mockChat([{ text: 'One two three four five six.', stallAfterEvents: 8 }])
    const talk = conversation(chat)
    const asked = talk.send('Count.')
    await until(talk, ({ answer }) => answer.length > 3)
    talk.stop('enough')
    expect(await asked).toBeUndefined()
    const { status, error } = talk.getSnapshot()
    expect({ status, error }).toEqual({ status: 'ready', error: undefined })
    expect(said(talk.getSnapshot())[1]).toMatch(/^assistant: One/)
    expect((await talk.send('Go on.'))?.text).toBe('You said: Go on.')
  })

  it('before it has begun leaves the question alone', async () => {
    const { chat } = await mockChat()
    const talk = conversation(chat)
    const asked = talk.send('Hi')
    talk.stop()
    expect(await asked).toBeUndefined()
    expect(said(talk.getSnapshot())).toEqual(['user: Hi'])
    expect((await talk.retry())?.text).toBe('You said: Hi')
    expect(said(talk.getSnapshot())).toEqual(['user: Hi', 'assistant: You said: Hi'])
  })

  it('amid its tools leaves a history that the API accepts', async () => {
    const { chat } = await mockChat([{ text: 'Let me see.', toolCalls: [{ name: 'look' }] }])
    let begun = () => {}
    const started = new Promise<void>((resolve) => (begun = resolve))
    const look = defineTool({
      name: 'look',
      description: 'Looks.',
      input: { type: 'object' },
      run: (_, { signal }) => {
        begun()
        return new Promise((resolve) => signal.addEventListener('abort', () => resolve('late')))
      },
    })
    const talk = conversation(chat, { tools: toolset([look]) })
    const asked = talk.send('Use look.')
    await started
    talk.stop()
    await asked
    expect(talk.getSnapshot().messages).toHaveLength(3)
    expect((await talk.send('Well?'))?.text).toBe('You said: Well?')
  })
})

describe('an answer that fails', () => {
  it('says why, keeps what was shown, and is asked for again', async () => {
    const { chat } = await mockChat([{ error: 529 }, 'Now.'], { retry: { maxRetries: 0 } })
    const talk = conversation(chat)
    expect(await talk.send('Hi')).toBeUndefined()
    expect(talk.getSnapshot()).toMatchObject({ status: 'error', error: expect.any(OverloadedError) })
    expect((await talk.retry())?.text).toBe('Now.')
    expect(said(talk.getSnapshot())).toEqual(['user: Hi', 'assistant: Now.'])
  })

  it('for a history that cannot be kept is not asked for', async () => {
    const { chat, sent } = await mockChat()
    const talk = conversation(chat, { save: () => Promise.reject(new Error('full')) })
    await talk.send('Hi')
    expect(talk.getSnapshot()).toMatchObject({ status: 'error', error: { message: 'full' } })
    expect(sent()).toEqual([])
  })

  it('of a refusal leaves the question out of the history', async () => {
    const { chat } = await mockChat([{ refusal: 'cyber' }])
    const talk = conversation(chat)
    await talk.send('Break in.')
    expect(talk.getSnapshot()).toMatchObject({ messages: [], status: 'ready', reply: { stopReason: 'refusal' } })
    expect((await talk.send('Hi'))?.text).toBe('You said: Hi')
  })
})

describe('a question', () => {
  it('is edited, and what followed it is forgotten', async () => {
    const { chat } = await mockChat()
    const talk = conversation(chat)
    await talk.send('One')
    await talk.send('Two')
    await talk.edit(0, 'Three')
    expect(said(talk.getSnapshot())).toEqual(['user: Three', 'assistant: You said: Three'])
    expect(await failureOf(talk.edit(1, 'x'))).toBeInstanceOf(ConfigError)
    expect(await failureOf(talk.edit(7, 'x'))).toBeInstanceOf(ConfigError)
  })

  it('is asked again by retry, though tools have answered since', async () => {
    const look = defineTool({ name: 'look', description: 'Looks.', input: { type: 'object' }, run: () => 'seen' })
    const { chat } = await mockChat()
    const talk = conversation(chat, { tools: toolset([look]) })
    await talk.send('Use look.')
    await talk.retry()
    expect(talk.getSnapshot().messages).toHaveLength(4)
    expect(await failureOf(conversation(chat).retry())).toBeInstanceOf(ConfigError)
  })

  it('waits for no other: the second is refused, and the first goes on', async () => {
    const { chat } = await mockChat()
    const talk = conversation(chat, { messages: [question('Hi')] })
    const first = talk.retry()
    expect(await failureOf(talk.send('More'))).toBeInstanceOf(ConfigError)
    expect((await first)?.text).toBe('You said: Hi')
  })
})

it.each([
  ['with an answer', 'The Rhine.'],
  ['with an error', { error: 529 as const }],
])('that ends %s may be gone on with by whoever hears of it, and that answer be stopped', async (_, first) => {
  const { chat } = await mockChat([first, { text: 'One two three four.', stallAfterEvents: 8 }], {
    retry: { maxRetries: 0 },
  })
  const talk = conversation(chat)
  let next: Promise<unknown> | undefined
  talk.subscribe(() => {
    if (['ready', 'error'].includes(talk.getSnapshot().status)) next ??= talk.send('And?')
  })
  await talk.send('Hi')
  await until(talk, ({ answer }) => answer.length > 0)
  await expect(talk.send('More')).rejects.toBeInstanceOf(ConfigError)
  talk.stop()
  expect(await next).toBeUndefined()
  expect(said(talk.getSnapshot()).at(-1)).toMatch(/^assistant: One/)
})

it('tells nobody who has left', async () => {
  const { chat } = await mockChat()
  const talk = conversation(chat)
  const listener = vi.fn()
  talk.subscribe(listener)()
  await talk.send('Hi')
  expect(listener).not.toHaveBeenCalled()
})
