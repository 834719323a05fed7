import { createUsageMeter, type Message, type MessageParams, type StreamEvent, withOptions } from '@enjamb/core'
import { describe, expect, test } from 'vitest'
import { mock, params, user } from '../../test/mock-run.ts'
import { defineTool } from '../define/define-tool.ts'
import { toolset } from '../toolset.ts'
import { runTools } from './run-tools.ts'

const look = defineTool({
  name: 'look',
  description: 'Looks.',
  input: { type: 'object' },
  readOnly: true,
  run: () => 'ok',
})
const looks = { toolCalls: [{ name: 'look' }] }

/** A reply from a container, which the mock server has none of: a call, or nothing. */
function fromContainer(calls: boolean) {
  const container = { id: 'container_1', expires_at: '2030-01-01T00:00:00Z', skills: [] }
  const usage = { input_tokens: 5, output_tokens: 1 } as Message['usage']
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-sonnet-5-5', usage } as const
  const rest = { content: [], stop_reason: null, stop_sequence: null, stop_details: null, diagnostics: null }
  const content_block = {
    type: 'tool_use',
    id: 'toolu_1',
    name: 'look',
    input: {},
    caller: { type: 'direct' },
  } as const
  const stop_reason = calls ? ('tool_use' as const) : ('end_turn' as const)
  const call: StreamEvent[] = [
    { type: 'content_block_start', index: 0, content_block },
    { type: 'content_block_stop', index: 0 },
  ]
  const events: StreamEvent[] = [
    { type: 'message_start', message: { ...message, ...rest, container: null } },
    ...(calls ? call : []),
    { type: 'message_delta', delta: { container, stop_reason, stop_sequence: null, stop_details: null }, usage },
    { type: 'message_stop' },
  ]
  const raw = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')
  return { raw, headers: { 'content-type': 'text/event-stream' } }
}

describe('the requests of a run', () => {
  const skills = [{ type: 'anthropic' as const, skill_id: 'pptx' }]

  test.each<[string, MessageParams['container'], MessageParams['container']]>([
    ['its id', undefined, 'container_1'],
    ['its id', 'container_1', 'container_1'],
    ['its id', null, { id: 'container_1' }],
    ['its id beside the skills', { skills }, { skills, id: 'container_1' }],
  ])('go on in the container of a reply, with %s, where %j was given', async (_, given, expected) => {
    const { client, server } = await mock(fromContainer(true), fromContainer(false))
    await runTools(client, { ...params([look]), ...(given !== undefined && { container: given }) }).final()
    expect(server.requests.map(({ body }) => (body as MessageParams).container)).toEqual([given, expected])
  })

  test('all have the options that were given', async () => {
    const { client, server } = await mock(looks, 'Done.')
    const headers = { 'x-trace': 'abc' }
    await runTools(client, params([look]), { headers, betas: ['files-api-2025-04-14'] }).final()
    const sent = server.requests.map((request) => [request.headers['x-trace'], request.headers['anthropic-beta']])
    expect(sent).toEqual([
      ['abc', 'files-api-2025-04-14'],
      ['abc', 'files-api-2025-04-14'],
    ])
  })

  test('name no tools where there are none', async () => {
    const { client, server } = await mock('Hello.')
    await runTools(client, params([])).final()
    expect(server.requests[0]?.body).not.toHaveProperty('tools')
  })

  test('leave what was given as it was', async () => {
    const { client } = await mock(fromContainer(true), 'Done.')
    const given = { ...params([look]), tool_choice: { type: 'any' } as const }
    const before = structuredClone({ ...given, tools: [] })
    const run = runTools(client, given, { beforeTurn: () => ({ max_tokens: 77 }) })
    // What is done to the list from here on is not the run's business, either.
    given.messages.push(user('Later.'))
    await run.final()
    expect(run.messages).not.toContainEqual(given.messages.pop())
    expect({ ...given, tools: [] }).toEqual(before)
    expect(given.messages).toEqual([user('Go.')])
  })

  test('pass through the middleware of the client and the budget, the budget last', async () => {
    const { client } = await mock(looks, 'Done.')
    const passed: string[] = []
    const meter = createUsageMeter()
    const budget: { middleware: typeof meter.middleware } = {
      middleware: (request, next) => {
        passed.push('budget')
        return meter.middleware(request, next)
      },
    }
    const watched = withOptions(client, {
      middleware: [
        (request, next) => {
          passed.push('client')
          return next(request)
        },
      ],
    })
    await toolset([look]).run(watched, params([]), { budget }).final()
    expect(passed).toEqual(['client', 'budget', 'client', 'budget'])
    expect((await meter.stats()).totalTokens).toBeGreaterThan(0)
  })
})
