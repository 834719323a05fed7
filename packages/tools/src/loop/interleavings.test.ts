import { createClient, type MessageParam } from '@enjamb/core'
import { createMockServer, script, type TurnSpec } from '@enjamb/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { params, user } from '../../test/mock-run.ts'
import { defineTool } from '../define/define-tool.ts'
import { runTools } from './run-tools.ts'

const retry = { maxRetries: 0 }
const thinking = { thinking: { type: 'adaptive' } } as const
const search = { type: 'web_search_20250305', name: 'web_search' } as const
const input = { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] } as const

/** Tools that take their time, fail and hang, and the ids of the calls that they got. */
function createTools(made: string[]) {
  const define = (name: string, readOnly: boolean, run: (signal: AbortSignal) => unknown) =>
    defineTool({
      name,
      description: 'Works.',
      input,
      readOnly,
      run(_, { signal, toolUseId }) {
        made.push(toolUseId)
        return run(signal)
      },
    })
  return [
    define('look', true, () => 'seen'),
    define('write', false, () => new Promise((resolve) => setImmediate(resolve, 'written'))),
    define('fail', false, () => Promise.reject(new Error('no luck'))),
    define('wait', true, (signal) => new Promise((_, reject) => signal.addEventListener('abort', reject))),
    search,
  ]
}

let ids = 0
const turn = fc
  .record({
    thinks: fc.boolean(),
    says: fc.boolean(),
    searches: fc.constantFrom(undefined, 'whole' as const, 'open' as const),
    calls: fc.array(
      fc.record({
        name: fc.constantFrom('look', 'look', 'write', 'write', 'fail', 'wait', 'missing'),
        input: fc.constantFrom({ n: 1 }, { n: 'one' }, {}),
      }),
      { maxLength: 4 },
    ),
    pauses: fc.boolean(),
    breaks: fc.oneof(
      { weight: 4, arbitrary: fc.constant({}) },
      fc.record({ cutAfterEvents: fc.nat(25) }),
      fc.record({ error: fc.record({ type: fc.constant('overloaded_error' as const), afterEvents: fc.nat(25) }) }),
      fc.record({ stopReason: fc.constantFrom('max_tokens' as const, 'refusal' as const) }),
    ),
  })
  .map(({ thinks, says, searches, calls, pauses, breaks }): TurnSpec => {
    const id = `srvtoolu_${++ids}`
    const content = [
      ...(says ? [{ type: 'text', text: 'Let me see.' }] : []),
      ...(searches
        ? [
            { type: 'server_tool_use', id, name: 'web_search', input: { query: 'x' } },
            ...(searches === 'whole' ? [{ type: 'web_search_tool_result', tool_use_id: id, content: [] }] : []),
          ]
        : []),
      ...calls.map((call) => ({ type: 'tool_use', ...call })),
    ]
    if (searches) return { content, ...(pauses && !calls.length && { stopReason: 'pause_turn' }), ...breaks }
    return { ...(thinks && { thinking: 'Hm.' }), ...(says && { text: 'Let me see.' }), toolCalls: calls, ...breaks }
  })

/** A reply that a failed request was to continue: that request can be sent again. */
function isPaused(messages: MessageParam[]): boolean {
  const { role, content } = messages.at(-1)!
  return role === 'assistant' && Array.isArray(content) && content.at(-1)?.type === 'server_tool_use'
}

const endings = ['abort', 'signal', 'leave', 'throw', 'listener', 'wait'] as const

/** One run for each way to fail, which chance might leave out. */
const toolCalls = [{ name: 'look', input: { n: 1 } }]
const examples: [TurnSpec[], (typeof endings)[number], number][] = [
  [[{ toolCalls }], 'listener', 0],
  [[{ content: [{ type: 'tool_use', name: 'look', input: {} }], stopReason: 'max_tokens' }], 'wait', 0],
  [[{ toolCalls, error: { type: 'overloaded_error', afterEvents: 0 } }], 'wait', 0],
  [[{ toolCalls }], 'abort', 1],
  [[{ toolCalls, cutAfterEvents: 3 }], 'wait', 0],
]

test('however a run ends, wherever it does, its history is accepted and no call is made twice', async () => {
  const answers = await createMockServer({ script: script([{ times: Number.POSITIVE_INFINITY, reply: 'Fine.' }]) })
  const other = createClient({ apiKey: 'test', baseURL: answers.url, retry })
  const seen = new Set<string>()
  const property = fc.asyncProperty(
    fc.array(turn, { maxLength: 4 }),
    fc.constantFrom(...endings),
    fc.nat(50),
    async (turns, how, at) => {
      const server = await createMockServer({ script: script([...turns, 'Done.']), seed: 1 })
      const client = createClient({ apiKey: 'test', baseURL: server.url, retry })
      const made: string[] = []
      const tools = createTools(made)
      const controller = new AbortController()
      let events = 0
      const run = runTools(
        client,
        { ...params(tools), ...thinking },
        {
          maxTurns: 5,
          signal: controller.signal,
          onEvent() {
            if (how === 'listener' && events === at) throw new Error('the listener')
          },
        },
      )
      // What waits until it is aborted must be aborted in the end.
      const stop = setTimeout(() => run.abort('too long'), 50)
      try {
        for await (const _ of run) {
          if (events++ !== at) continue
          if (how === 'abort') void run.abort('enough')
          if (how === 'signal') controller.abort('enough')
          if (how === 'leave') break
          if (how === 'throw') throw new Error('the loop')
        }
      } catch {}
      clearTimeout(stop)
      const error = await run.final().catch((reason) => reason)
      seen.add(error.constructor.name)
      const { messages, calls } = run
      expect(new Set(made).size).toBe(made.length)
      expect(new Set(calls.map(({ id }) => id)).size).toBe(calls.length)
      const after = [[...messages, user('Go on.')], ...(isPaused(messages) ? [messages] : [])]
      for (const history of after) {
        const { message } = await runTools(other, { ...params(tools, history), ...thinking }).final()
        expect(message.content.at(-1)).toMatchObject({ type: 'text', text: 'Fine.' })
      }
      // Nothing that was answered is made again.
      expect(new Set(made).size).toBe(made.length)
      await server.close()
    },
  )
  try {
    await fc.assert(property, { numRuns: 400, examples })
  } finally {
    await answers.close()
  }
  expect([...seen].sort()).toEqual(
    expect.arrayContaining([
      'Error',
      'MaxOutputTokensError',
      'OverloadedError',
      'RequestAbortedError',
      'StreamInterruptedError',
    ]),
  )
}, 60_000)
