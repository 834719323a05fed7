import type { MessageParam } from '@enjamb/core'
import { describe, expect, test } from 'vitest'
import { mock, params, sentMessages, user } from '../../../test/mock-run.ts'
import { defineTool } from '../../define/define-tool.ts'
import { runTools } from '../run-tools.ts'
import { limitMedia, type MediaLimits, mediaWithin } from './limit-media.ts'

/** The beginning of a PNG of this size, with the data of `more` characters after it. */
function png(pixels: number, more = 0) {
  const bytes = Buffer.alloc(33)
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').copy(bytes)
  bytes.writeUInt32BE(pixels, 16)
  bytes.writeUInt32BE(10, 20)
  const data = bytes.toString('base64') + 'A'.repeat(more)
  return { type: 'image', source: { type: 'base64', media_type: 'image/png', data } }
}

const shown = (id: number, ...content: object[]): MessageParam =>
  ({ role: 'user', content: [{ type: 'tool_result', tool_use_id: `toolu_${id}`, content }] }) as never

/** For each picture of a history, oldest first, whether it is still there. */
async function kept(pictures: object[], limits?: MediaLimits) {
  const messages = pictures.map((picture, n) => shown(n, picture))
  const changed = await limitMedia(limits)({ turn: 1, messages })
  const types = (changed?.messages ?? messages).map(
    ({ content }) => (content as { content: { type: string }[] }[])[0]!.content[0]!.type,
  )
  return types.map((type) => (type === 'text' ? '-' : 'x')).join('')
}

const times = (n: number, of: object) => Array.from({ length: n }, () => ({ ...of }))

describe('of the pictures of a history', () => {
  test('all stay where there is room for them', async () => {
    expect(
      await limitMedia()({ turn: 1, messages: times(100, png(10)).map((one, n) => shown(n, one)) }),
    ).toBeUndefined()
    expect(await kept(times(20, png(3000)))).toBe('x'.repeat(20))
  })

  test('the oldest are left out where there are too many, a quarter of what is allowed at once', async () => {
    expect(await kept(times(13, png(10)), { maxImages: 12 })).toBe('---xxxxxxxxxx')
    expect(await kept(times(15, png(10)), { maxImages: 12 })).toBe('---xxxxxxxxxxxx')
    expect(await kept(times(16, png(10)), { maxImages: 12 })).toBe('------xxxxxxxxxx')
  })

  test('the oldest are left out where they are too large together', async () => {
    expect(await kept(times(10, png(10, 956)), { maxBytes: 8000 })).toBe('--xxxxxxxx')
  })

  test('large ones are left out where more than twenty make them too large', async () => {
    expect(await kept(times(22, png(3000)))).toBe('-'.repeat(5) + 'x'.repeat(17))
    expect(await kept([...times(2, png(3000)), ...times(20, png(2000))])).toBe(`--${'x'.repeat(20)}`)
  })
})

test('documents count by their size, text says what was left out, and thinking after it goes, too', async () => {
  const document = (data: string) => ({
    type: 'document',
    source: { type: 'base64', media_type: 'application/pdf', data },
  })
  const thought = { type: 'thinking', thinking: 'Hm.', signature: 's' }
  const answer = { role: 'assistant', content: [thought, { type: 'text', text: 'Yes.' }] } as MessageParam
  const messages = [
    { role: 'user', content: [document('A'.repeat(90))] } as never,
    answer,
    user('And?'),
    shown(1, document('B'.repeat(20))),
  ]
  const changed = await limitMedia({ maxBytes: 100 })({ turn: 2, messages })
  expect(changed?.messages).toMatchObject([
    { content: [{ type: 'text', text: '[An older document is left out here: there were too many.]' }] },
    { content: [{ type: 'text', text: 'Yes.' }] },
    user('And?'),
    { content: [{ content: [{ type: 'document' }] }] },
  ])
})

/** A whole picture of one pixel. */
const dot = {
  type: 'image',
  source: {
    type: 'base64',
    media_type: 'image/png',
    data: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  },
} as const

test('a run in which pictures become too many goes on', async () => {
  const look = defineTool({
    name: 'look',
    description: 'Looks.',
    input: { type: 'object' },
    run: () => [dot],
  })
  const { client, server } = await mock(
    ...Array.from({ length: 5 }, () => ({ toolCalls: [{ name: 'look' }] })),
    'Done.',
  )
  await runTools(client, params([look]), { beforeTurn: limitMedia({ maxImages: 3 }) }).final()
  const images = sentMessages(server).map((messages) => JSON.stringify(messages).match(/"image"/g)?.length ?? 0)
  expect(images).toEqual([0, 1, 2, 3, 2, 3])
})

test('what is left out of a history is also left out of it when it has grown, so that its beginning stays', () => {
  const thought = (n: number): MessageParam =>
    ({
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: `${n}`, signature: 's' },
        { type: 'text', text: 'Yes.' },
      ],
    }) as never
  const all = Array.from({ length: 60 }, (_, n) => [shown(n, png(10)), thought(n)]).flat()
  let steps = 0
  let before: MessageParam[] = []
  for (let length = 1; length <= all.length; length++) {
    const now = mediaWithin(all.slice(0, length), { maxImages: 20 })
    const images = JSON.stringify(now).match(/"image"/g)?.length ?? 0
    expect(images).toBeLessThanOrEqual(20)
    if (JSON.stringify(now.slice(0, before.length)) !== JSON.stringify(before)) steps++
    // Thinking that was made since the last step stays.
    else if (length > 1 && all[length - 1]!.role === 'assistant') expect(now.at(-1)).toBe(all[length - 1])
    before = now
  }
  expect(steps).toBe(8)
})

test('a history with room for all is the very same, and so are messages of which nothing is left out', () => {
  const messages = times(3, png(10)).map((one, n) => shown(n, one))
  expect(mediaWithin(messages, { maxImages: 3 })).toBe(messages)
  expect(mediaWithin([user('Hi.'), ...messages], { maxImages: 2 })[0]).toEqual(user('Hi.'))
  expect(mediaWithin(messages, { maxImages: 2 })[2]).toBe(messages[2])
})
