import { type MockServerOptions, script } from '@enjamb/testing'
import { describe, expect, it } from 'vitest'
import { runExample } from '../run-example.ts'
import { runs } from '../runs.ts'

const run = (name: string, options?: MockServerOptions) => runExample(new URL(name, import.meta.url), options)

describe('the example', { timeout: 30_000 }, () => {
  it('of a first chat streams an answer, and shows a reply with its cost', async () => {
    const { out } = await run('first-chat.ts')
    expect(out).toMatch(runs['chat/first-chat'].out)
  })

  it('of a chat without a key needs no server', async () => {
    const { out, server } = await run('without-key.ts')
    expect(out).toMatch(runs['chat/without-key'].out)
    expect(server.requests).toEqual([])
  })

  it('of a stream says what it has cost', async () => {
    const { out } = await run('stream-and-cost.ts')
    expect(out).toMatch(runs['chat/stream-and-cost'].out)
  })

  it('of a conversation sends again what was said', async () => {
    const { out, server } = await run('conversation.ts')
    expect(out).toMatch(runs['chat/conversation'].out)
    expect(server.requests.map(({ body }) => (body as { messages: unknown[] }).messages.length)).toEqual([1, 3, 1])
  })

  it('of structured output shows a value, its growth, and why one does not fit', async () => {
    const { turns, out: expected } = runs['chat/structured']
    const { out } = await run('structured.ts', { script: script(turns) })
    expect(out).toMatch(expected)
  })

  it('of tools runs them, and goes on', async () => {
    const { out, server } = await run('tools.ts')
    expect(out).toMatch(runs['chat/tools'].out)
    expect(server.requests).toHaveLength(3)
  })

  it('of a batch answers all, also at half the price', async () => {
    const { out, server } = await run('batch.ts')
    expect(out).toMatch(runs['chat/batch'].out)
    expect(server.requests.filter(({ path }) => path === '/v1/messages/batches')).toHaveLength(2)
  })

  it('of the choice of a model says which and why, and who answered in its place', async () => {
    const { turns, out: expected } = runs['chat/which-model']
    const { out } = await run('which-model.ts', { script: script(turns) })
    expect(out).toMatch(expected)
  })

  it('of a conversation that is kept tells of each change', async () => {
    const { out } = await run('talk.ts')
    expect(out).toMatch(runs['chat/talk'].out)
  })

  it('of a server for the AI SDK answers as its clients read it', async () => {
    const { out } = await run('ui-server.ts')
    expect(out).toMatch(runs['chat/ui-server'].out)
  })

  it('of a door for OpenAI answers its clients, and refuses what cannot be', async () => {
    const { out } = await run('openai-door.ts')
    expect(out).toMatch(runs['chat/openai-door'].out)
  })
})
