import { describe, expect, it } from 'vitest'
import { runExample } from '../run-example.ts'

const run = (name: string) => runExample(new URL(name, import.meta.url))

describe('the example', { timeout: 30_000 }, () => {
  it('of a first chat streams an answer, and shows a reply with its cost', async () => {
    const { out } = await run('first-chat.ts')
    expect(out).toMatch(/^You said: What is an enjambment\?\nYou said: Name three rivers\. \{[\s\S]*\} 0\.0000\d+\n$/)
  })

  it('of a conversation sends again what was said', async () => {
    const { out, server } = await run('conversation.ts')
    expect(out).toMatch(/^You said: Name three rivers\. end_turn /)
    expect(out).toMatch(/\nYou said: Which one is the longest\?\nYou said: A haiku on rain\.\n$/)
    expect(server.requests.map(({ body }) => (body as { messages: unknown[] }).messages.length)).toEqual([1, 3, 1])
  })
})
