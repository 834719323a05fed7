import { type MockServerOptions, script } from '@enjamb/testing'
import { describe, expect, it } from 'vitest'
import { runExample } from '../run-example.ts'

const run = (name: string, options?: MockServerOptions) => runExample(new URL(name, import.meta.url), options)

describe('the example', { timeout: 30_000 }, () => {
  it('of a first chat streams an answer, and shows a reply with its cost', async () => {
    const { out } = await run('first-chat.ts')
    expect(out).toMatch(/^You said: What is an enjambment\?\nYou said: Name three rivers\. \{[\s\S]*\} 0\.0000\d+\n$/)
  })

  it('of a chat without a key needs no server', async () => {
    const { out, server } = await run('without-key.ts')
    expect(out).toMatch(/^A thought .* line break\.\nThe Nile, the Po, the Amur\. \{[\s\S]*\} 0\.0000\d+\n$/)
    expect(server.requests).toEqual([])
  })

  it('of a stream says what it has cost', async () => {
    const { out } = await run('stream-and-cost.ts')
    expect(out).toMatch(/^You said: What is an enjambment\?\n\d+ tokens, 0\.0000\d+ dollars\n$/)
  })

  it('of a conversation sends again what was said', async () => {
    const { out, server } = await run('conversation.ts')
    expect(out).toMatch(/^You said: Name three rivers\. end_turn /)
    expect(out).toMatch(/\nYou said: Which one is the longest\?\nYou said: A haiku on rain\.\n$/)
    expect(server.requests.map(({ body }) => (body as { messages: unknown[] }).messages.length)).toEqual([1, 3, 1])
  })

  it('of structured output shows a value, its growth, and why one does not fit', async () => {
    const text = JSON.stringify({ name: 'Yangtze', km: 6300, countries: ['China'] })
    const { out } = await run('structured.ts', { script: script([text, text, '{"km": 5}']) })
    expect(out).toMatch(
      /^Yangtze 6300 0\.000\d+\n[\s\S]*\nYangtze\n\[ 'China' \]\n\[\n? *\{[\s\S]*'km'[\s\S]* 0\.0000\d+\n$/,
    )
  })

  it('of tools runs them, and goes on', async () => {
    const { out, server } = await run('tools.ts')
    expect(out).toMatch(/^weather returned: Sunny in text \d+ 0\.000\d+\nYou said: And tomorrow\?\n$/)
    expect(server.requests).toHaveLength(3)
  })

  it('of a batch answers all, also at half the price', async () => {
    const { out, server } = await run('batch.ts')
    expect(out).toMatch(/^3 0 \d+ 0\.0000\d+ You said: Name a river\.\n/)
    expect(out).toMatch(/'sea: You said: Name a sea\.'[\s\S]* 0\.0000\d+\nmsgbatch_\n$/)
    expect(server.requests.filter(({ path }) => path === '/v1/messages/batches')).toHaveLength(2)
  })

  it('of the choice of a model says which and why, and who answered in its place', async () => {
    const refusal = { text: 'They train the body.', refusal: 'bio' } as const
    const { out } = await run('which-model.ts', { script: script([{ when: { text: /vaccines/ }, reply: refusal }]) })
    expect(out).toMatch(/^claude-haiku-\S+ claude-opus-\S+ opus for a word such as "explain"/)
    expect(out).toMatch(/\nclaude-opus-\S+ \[ \{ model: 'claude-fable-\S+', reason: 'refusal' \} \] 0\.\d+\n$/)
  })

  it('of a conversation that is kept tells of each change', async () => {
    const { out } = await run('talk.ts')
    expect(out).toMatch(/^1 messages to keep\n[\s\S]*You said: Name a river\.2 messages to keep/)
    expect(out).toMatch(/\rYou said: Name a lake\.2 messages to keep\nassistant ready\n$/)
  })

  it('of a server for the AI SDK answers as its clients read it', async () => {
    const { out } = await run('ui-server.ts')
    expect(out).toMatch(
      /^data: \{"type":"start"\}\n[\s\S]*"finishReason":"stop","messageMetadata"[\s\S]*\ndata: \[DONE\]\n/,
    )
  })

  it('of a door for OpenAI answers its clients, and refuses what cannot be', async () => {
    const { out } = await run('openai-door.ts')
    expect(out).toMatch(/^\{[\s\S]*content: 'You said: Name a river\.'/)
    expect(out).toMatch(/\nlogprobs must be false or left out: Claude has nothing like it\.\n401\n$/)
  })
})
