import { MaxOutputTokensError, OverloadedError } from '@enjamb/core'
import type { Turn } from '@enjamb/testing'
import { describe, expect, test } from 'vitest'
import { collect, mock, params, sentMessages } from '../../../test/mock-run.ts'
import { defineTool } from '../../define/define-tool.ts'
import { type RunOptions, runTools, wholeMessage } from '../../index.ts'

const look = defineTool({
  name: 'look',
  description: 'Looks.',
  input: { type: 'object', properties: { at: { type: 'number' } } } as const,
  run: ({ at }) => `at ${at}`,
})
const turns: Turn[] = [
  {
    text: 'I look.',
    toolCalls: [
      { name: 'look', id: 'a', input: { at: 1 } },
      { name: 'look', id: 'b', input: { at: 2 } },
    ],
  },
  { content: [{ type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} }], stopReason: 'pause_turn' },
  'Seen.',
]
const tools = [look, { type: 'web_search_20250305', name: 'web_search' } as const]

async function outcome(script: Turn[], options: RunOptions) {
  const { server, client } = await mock(...script)
  const run = runTools(client, params(tools), options)
  const events = await collect(run)
  const { messages, calls, usage } = await run.final()
  return {
    types: events.map(({ type }) => type),
    deltas: events.filter((event) => event.type === 'stream' && event.event.type === 'content_block_delta').length,
    facts: { messages, usage, calls: calls.map(({ ms: _, ...call }) => call), sent: sentMessages(server) },
    bodies: server.requests.map(({ body }) => body as { stream?: boolean }),
  }
}

describe('a run that does not stream', () => {
  test('comes to the same, with no piece of a reply on the way', async () => {
    const [streamed, whole] = [await outcome(turns, {}), await outcome(turns, { ask: wholeMessage })]
    expect(whole.facts).toEqual(streamed.facts)
    expect([streamed.deltas > 0, whole.deltas]).toEqual([true, 0])
    expect(whole.bodies.map(({ stream }) => !!stream)).toEqual([false, false, false])
    const told = ({ types }: typeof whole) => types.filter((type) => type !== 'stream').sort()
    expect(told(whole)).toEqual(told(streamed))
  })

  test('makes no call of a reply that was cut off inside one', async () => {
    const cut: Turn = { text: 'So:', toolCalls: [{ name: 'look', input: { at: 1 } }], stopReason: 'max_tokens' }
    const { client } = await mock(cut)
    const run = runTools(client, params([look]), { ask: wholeMessage })
    await expect(run.final()).rejects.toThrow(MaxOutputTokensError)
    expect(run.calls).toEqual([])
  })

  test('fails as one that does, and ends when it is aborted', async () => {
    const { client } = await mock({ error: 529 }, { text: 'Slow.', delayMs: 60_000 })
    await expect(runTools(client, params([look]), { ask: wholeMessage }).final()).rejects.toThrow(OverloadedError)
    const run = runTools(client, params([look]), { ask: wholeMessage })
    const result = run.final().catch(({ code }) => code)
    await run.abort()
    expect(await result).toBe('request_aborted')
  })
})
