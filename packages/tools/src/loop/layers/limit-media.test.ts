import type { MessageParam } from '@enjamb/core'
import { describe, expect, test } from 'vitest'
import { mock, params, sentMessages, user } from '../../../test/mock-run.ts'
import { defineTool } from '../../define/define-tool.ts'
import { runTools } from '../run-tools.ts'
import { limitMedia, type MediaLimits } from './limit-media.ts'

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

  test('the oldest are left out where there are too many, and some more, so that the next fits, too', async () => {
    expect(await kept(times(12, png(10)), { maxImages: 10 })).toBe('-----xxxxxxx')
  })

  test('the oldest are left out where they are too large together', async () => {
    expect(await kept(times(10, png(10, 956)), { maxBytes: 8000 })).toBe('----xxxxxx')
  })

  test('large ones are left out where more than twenty make them too large', async () => {
    expect(await kept(times(22, png(3000)))).toBe('-'.repeat(7) + 'x'.repeat(15))
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
