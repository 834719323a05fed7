import { RequestAbortedError } from '@enjamb/core'
import type { Turn } from '@enjamb/testing'
import { describe, expect, test, vi } from 'vitest'
import { collect, mock, params, user } from '../../test/mock-run.ts'
import { defineTool } from '../define/define-tool.ts'
import type { AroundCall } from './run-options.ts'
import { runTools } from './run-tools.ts'
import type { ToolRun } from './tool-run.ts'

const input = { type: 'object', properties: { n: { type: 'number' } } } as const
const tools = [
  defineTool({ name: 'look', description: 'Looks.', input, readOnly: true, run: ({ n }) => `saw ${n}` }),
  // It never looks at its signal.
  defineTool({ name: 'deaf', description: 'Hangs.', input, timeoutMs: 10, run: () => new Promise(() => {}) }),
  defineTool({ name: 'write', description: 'Writes.', input, run: async ({ n }) => `wrote ${n}` }),
  { type: 'web_search_20250305', name: 'web_search' } as const,
]
const call = (name: string, n: number) => ({ name, input: { n } })
const search = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'x' } }
const found = { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] }

const plays: Record<string, Turn[]> = {
  'thinking, text and calls': [
    { thinking: 'I should look.', text: 'Let me look.', toolCalls: [call('look', 1), call('write', 2)] },
    { toolCalls: [call('write', 3), { name: 'look' }] },
    'All done.',
  ],
  'a tool that never ends': [
    { text: 'Wait.', toolCalls: [call('look', 1), call('deaf', 2), call('write', 3)] },
    'Done.',
  ],
  'a paused server tool': [
    { content: [{ type: 'text', text: 'Searching.' }, search], stopReason: 'pause_turn' },
    { content: [found, { type: 'text', text: 'Found.' }, { type: 'tool_use', name: 'look', input: { n: 4 } }] },
    'Done.',
  ],
}

const thinking = { thinking: { type: 'adaptive' } } as const

/** Plays a run and aborts it at its nth event; says whether it got that far. */
async function abortAt(turns: Turn[], n: number, abort: (run: ToolRun) => void) {
  const { client, server } = await mock(...turns)
  const run = runTools(client, { ...params(tools), ...thinking })
  let seen = 0
  let error: unknown
  try {
    for await (const _ of run) {
      if (seen++ === n) abort(run)
      // At every event, not only at the one of the abort.
      if (seen > n) expectPaired(run)
    }
  } catch (reason) {
    error = reason
  }
  return { run, client, server, reached: seen > n, error }
}

/** Every call in the history has its result in the next message. */
function expectPaired({ messages }: ToolRun): void {
  const ids = (index: number, type: string, key: string) => {
    const content = messages[index]?.content
    return Array.isArray(content)
      ? content.flatMap((block) => (block.type === type ? [(block as never as Record<string, string>)[key]] : []))
      : []
  }
  for (const index of messages.keys()) {
    expect(ids(index + 1, 'tool_result', 'tool_use_id')).toEqual(ids(index, 'tool_use', 'id'))
  }
}

describe.each(Object.entries(plays))('with %s, after an abort at any event', (_, turns) => {
  test('the API takes the history on', async () => {
    for (let n = 0; ; n++) {
      const { run, client, reached, error } = await abortAt(turns, n, (running) => void running.abort('enough'))
      if (!reached) break
      expect(run.state).toBe('ended')
      expectPaired(run)
      if (error) expect(error).toBeInstanceOf(RequestAbortedError)
      const answer = runTools(client, { ...params([], [...run.messages, user('Go on, without tools.')]), ...thinking })
      await answer.final()
    }
  })
})

describe('an abort', () => {
  test('reaches a tool, does not wait for one that ignores it, and the history says interrupted', async () => {
    let heard = false
    const polite = defineTool({
      name: 'polite',
      description: 'Listens.',
      input,
      readOnly: true,
      run: (_, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            heard = true
            reject(signal.reason)
          })
        }),
    })
    const deaf = defineTool({
      name: 'deaf',
      description: 'Hangs.',
      input,
      independent: true,
      run: () => new Promise(() => {}),
    })
    const late = defineTool({ name: 'late', description: 'Waits.', input, run: () => 'never' })
    const { client } = await mock({ toolCalls: [call('polite', 1), call('deaf', 2), call('late', 3)] })
    const run = runTools(client, params([polite, deaf, late]), {
      onEvent: (event) => {
        if (event.type === 'stream' && event.event.type === 'message_stop') void run.abort(new Error('enough'))
      },
    })
    const error = await run.final().catch((reason) => reason)
    expect(error).toBeInstanceOf(RequestAbortedError)
    expect(error.cause).toEqual(new Error('enough'))
    expect(heard).toBe(true)
    expect(run.calls.map(({ result, isError }) => [isError, result])).toEqual([
      [true, 'Interrupted.'],
      [true, expect.stringMatching(/^Interrupted; it may have had effects/)],
      [true, 'Interrupted before it started: nothing was run.'],
    ])
    expect(run.messages.at(-1)).toMatchObject({ role: 'user', content: [{}, {}, {}].map(() => ({ is_error: true })) })
  })

  test('ends a request that has fallen silent', async () => {
    const { client } = await mock({ text: 'One. Two. Three.', stallAfterEvents: 4 })
    const run = runTools(client, params([]))
    const end = (async () => {
      for await (const event of run) if (event.type === 'stream' && event.event.type === 'content_block_delta') break
    })()
    await end
    expect(run.state).toBe('ended')
    await expect(run.final()).rejects.toThrow(RequestAbortedError)
  })

  test('keeps the text that had arrived', async () => {
    const { client } = await mock({ text: 'Once upon a time there was a stream.', eventDelayMs: 2 })
    const run = runTools(client, params([]))
    let text = ''
    for await (const piece of run.text()) {
      text += piece
      break
    }
    const [, reply] = run.messages
    expect(reply).toMatchObject({
      role: 'assistant',
      content: [{ type: 'text', text: expect.stringMatching(`^${text}`) }],
    })
  })

  test('by the signal that was given is the same, and leaves no listener behind', async () => {
    const { client } = await mock({ toolCalls: [call('deaf', 1)] })
    const controller = new AbortController()
    const { signal } = controller
    const added = vi.spyOn(signal, 'addEventListener')
    const removed = vi.spyOn(signal, 'removeEventListener')
    const run = runTools(client, params(tools), { signal })
    const error = await (async () => {
      for await (const { type } of run) if (type === 'tool_call') controller.abort('outside')
    })().catch((reason) => reason)
    expect(error).toBeInstanceOf(RequestAbortedError)
    expect(error.cause).toBe('outside')
    expect(added.mock.calls.length).toBeGreaterThan(0)
    expect(removed).toHaveBeenCalledTimes(added.mock.calls.length)
  })

  test('does not wait for aroundCall or beforeTurn', async () => {
    const { client } = await mock({ toolCalls: [call('look', 1)] })
    const asking = runTools(client, params(tools), { aroundCall: () => new Promise(() => {}) })
    await expect(
      (async () => {
        for await (const { type } of asking) if (type === 'tool_call') void asking.abort()
      })(),
    ).rejects.toThrow(RequestAbortedError)
    expect(asking.calls).toMatchObject([{ isError: true, result: 'Interrupted before it started: nothing was run.' }])

    const idle = runTools(client, params(tools), { beforeTurn: () => new Promise(() => {}) })
    const final = idle.final()
    await idle.abort()
    await expect(final).rejects.toThrow(RequestAbortedError)
  })
})

test('after an abort nobody is asked about the calls that waited', async () => {
  const aroundCall = vi.fn<AroundCall>((_, make) => make())
  const { client } = await mock({ toolCalls: [call('deaf', 1), call('write', 2)], eventDelayMs: 1 })
  const hanging = tools.map((tool) => ('run' in tool && tool.name === 'deaf' ? { ...tool, timeoutMs: 0 } : tool))
  const run = runTools(client, params(hanging), { aroundCall })
  let asked = 0
  for await (const { type } of run) if (type === 'tool_call' && ++asked === 2) break
  expect(aroundCall).toHaveBeenCalledTimes(1)
})

describe('a reader', () => {
  test('that leaves early aborts the run', async () => {
    const { client } = await mock({ toolCalls: [call('deaf', 1)] }, 'Done.')
    const run = runTools(client, params(tools))
    for await (const { type } of run) if (type === 'tool_call') break
    expect(run.state).toBe('ended')
    expect(run.messages.at(-1)).toMatchObject({ content: [{ type: 'tool_result', is_error: true }] })
    await expect(run.final()).rejects.toThrow(RequestAbortedError)
  })

  test('that leaves early does not end a run that someone else awaits', async () => {
    const { client } = await mock({ toolCalls: [call('look', 1)] }, 'Done.')
    const run = runTools(client, params(tools))
    const final = run.final()
    for await (const _ of run) break
    expect((await final).message.content).toMatchObject([{ text: 'Done.' }])
  })

  test('gets every event, however many read and whoever drives', async () => {
    const { client, server } = await mock({ text: 'One. ', toolCalls: [call('look', 1)] }, 'Two.')
    const run = runTools(client, params(tools))
    const [first, second, texts, { turns }] = await Promise.all([
      collect(run),
      collect(run),
      collect(run.text()),
      run.final(),
    ])
    expect(first).toEqual(second)
    expect(first.filter(({ type }) => type === 'turn_end')).toHaveLength(2)
    expect(texts.join('')).toBe('One. Two.')
    expect(turns).toBe(2)
    expect(server.requests).toHaveLength(2)
  })

  test('that comes after the end gets no event, and the error where there was one', async () => {
    const { client } = await mock('Hello.', { error: 400 })
    const done = runTools(client, params([]))
    await done.final()
    expect(await collect(done)).toEqual([])
    const failed = runTools(client, params([]))
    await failed.final().catch(() => {})
    await expect(collect(failed)).rejects.toThrow()
  })

  test('that asks for nothing more holds the run where it is', async () => {
    const { client, server } = await mock({ toolCalls: [call('look', 1)] }, 'Done.')
    const events = runTools(client, params(tools))[Symbol.asyncIterator]()
    for (let event = await events.next(); !event.done && event.value.type !== 'turn_end'; ) event = await events.next()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(server.requests).toHaveLength(1)
    await events.return?.()
  })
})
