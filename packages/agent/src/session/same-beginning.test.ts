import type { MessageParam, MessageParams } from '@enjamb/core'
import { createMockServer, script, type Turn } from '@enjamb/testing'
import { defineTool } from '@enjamb/tools'
import fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import { createAgent, memoryStore, type Session, type Turn as SessionTurn } from '../index.ts'

const tool = (name: string, run: () => unknown, traits: object = {}) =>
  defineTool({ name, description: 'Works.', input: { type: 'object' }, run, ...traits })
const tools = [
  tool('read', () => 'What is there. '.repeat(20), { readOnly: true }),
  tool('fail', () => {
    throw new Error('no')
  }),
  tool('ask', () => 'paid'),
  tool('deny', () => 'never'),
]

/** Whatever a prompt names is called; then comes an answer. */
const reply: Turn = {
  times: Number.POSITIVE_INFINITY,
  reply: ({ text, toolResults }) => {
    const names = toolResults.length ? [] : text.split(' ').filter((word) => tools.some(({ name }) => name === word))
    return names.length ? { text: 'So.', toolCalls: names.map((name) => ({ name })) } : 'Done.'
  },
}

/** What is cached of a request, in bytes, without its marks and the bracket at its end. */
function beginning({ tools, system, messages }: MessageParams): string {
  const plain = messages.map(({ role, content }: MessageParam) => ({
    role,
    content: typeof content === 'string' ? [{ type: 'text', text: content }] : content,
  }))
  const without = (key: string, value: unknown) => (key === 'cache_control' ? undefined : value)
  return JSON.stringify([tools, system, plain], without).slice(0, -2)
}

type Step = { prompt: string[]; way: 'go on' | 'resume' | 'interrupt' }

it('each request begins with the bytes of the one before, whatever is called, refused, decided or taken up', async () => {
  const names = fc.array(fc.constantFrom('read', 'read', 'read', 'fail', 'ask', 'deny'), { maxLength: 24 })
  const step = fc.record({ prompt: names, way: fc.constantFrom('go on', 'resume', 'interrupt') })
  await fc.assert(
    fc.asyncProperty(fc.array(step as fc.Arbitrary<Step>, { minLength: 2, maxLength: 6 }), async (steps) => {
      const server = await createMockServer({ script: script([reply]) })
      onTestFinished(() => server.close())
      const agent = createAgent({
        apiKey: 'key',
        baseURL: server.url,
        model: 'opus',
        retry: { maxRetries: 0 },
        store: memoryStore(),
        tools,
        permission: ({ name }) => (name === 'ask' ? { defer: true } : { allow: name !== 'deny' }),
      })
      const breaks: unknown[] = []
      const watch = async (turn: SessionTurn | undefined) => {
        if (turn) for await (const event of turn) if (event.type === 'cache_break') breaks.push(event)
      }
      let session: Session = await agent.session({ id: 's' })
      const again = async () => {
        await session.close()
        session = await agent.session({ id: 's', resume: true })
      }
      for (const { prompt, way } of steps) {
        await watch(session.send(['Go:', ...prompt].join(' ')))
        if (way === 'resume') await again()
        while (session.pending.length) await watch(await session.decide(session.pending[0]!.id, { allow: true }))
        if (way === 'interrupt') {
          const turn = watch(session.send('Go: read'))
          await session.interrupt()
          await turn
        }
      }
      await session.close()
      const sent = server.requests.map(({ body }) => beginning(body as MessageParams))
      for (const [n, one] of sent.slice(1).entries()) expect(one.slice(0, sent[n]!.length)).toBe(sent[n])
      expect(breaks).toEqual([])
      const { entries } = server.ledger
      expect(entries.length).toBeGreaterThan(1)
      // So all that a request was is read for the next one.
      for (const [n, { usage }] of entries.slice(1).entries()) {
        const { input_tokens, cache_creation_input_tokens, cache_read_input_tokens } = entries[n]!.usage
        const before = input_tokens + (cache_creation_input_tokens ?? 0) + (cache_read_input_tokens ?? 0)
        if (before >= 512) expect(usage.cache_read_input_tokens).toBe(before)
      }
    }),
    { numRuns: 12 },
  )
})
