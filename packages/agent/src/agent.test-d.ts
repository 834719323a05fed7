import type { Reply } from '@enjamb/chat'
import { type Client, createClient, type Message, type MessageParam } from '@enjamb/core'
import { defineTool, type ToolEntry } from '@enjamb/tools'
import { expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import { createAgent, type Hooks, query, type SendOptions, type Task, type TurnResult } from './index.ts'

const agent = createAgent({ apiKey: 'key', model: 'haiku' })

test('an event is told by its type', async () => {
  const turn = (await agent.session()).send('Hi')
  for await (const event of turn) {
    if (event.type === 'text' || event.type === 'thinking') expectTypeOf(event.text).toEqualTypeOf<string>()
    else if (event.type === 'reply') expectTypeOf(event.message).toEqualTypeOf<Message>()
    else if (event.type === 'tool_call') expectTypeOf(event.input).toEqualTypeOf<unknown>()
    else if (event.type === 'tool_result') expectTypeOf(event.isError).toEqualTypeOf<boolean>()
    if (event.type === 'turn_end') expectTypeOf(event.seq).toEqualTypeOf<number>()
  }
  expectTypeOf(turn.final()).resolves.toEqualTypeOf<TurnResult>()
})

test('tools of any input and server tools stand in one list', () => {
  const run = ({ at }: { at: number }) => at
  const input = { type: 'object', properties: { at: { type: 'number' } }, required: ['at'] } as const
  const look = defineTool({ name: 'look', description: 'Looks.', input, run })
  const tools: ToolEntry[] = [look, { type: 'web_search_20250305', name: 'web_search' }]
  const client: Client = createClient({ apiKey: 'key' })
  expectTypeOf(query('Hi', { client, tools, signal: new AbortController().signal })).resolves.toEqualTypeOf<Reply>()
})

test('what an answer stands for has the type of its schema', async () => {
  const session = await agent.session()
  const schema = { type: 'object', properties: { km: { type: 'number' } }, required: ['km'] } as const
  expectTypeOf((await session.send('Hi', { schema }).final()).value).toEqualTypeOf<{ km: number } | undefined>()
  const fancy = z.object({ km: z.string().transform(Number) })
  expectTypeOf((await session.send('Hi', { schema: fancy }).final()).value).toEqualTypeOf<{ km: number } | undefined>()
  const decided = await session.decide('id', { allow: true }, { schema })
  expectTypeOf(decided!.final()).resolves.toEqualTypeOf<TurnResult<{ km: number }>>()
  expectTypeOf(session.continue({ schema })!.final()).resolves.toEqualTypeOf<TurnResult<{ km: number }>>()
  expectTypeOf((await session.send('Hi', { stream: false }).final()).value).toEqualTypeOf<undefined>()
  const options: SendOptions = { id: 'a', when: 'now' }
  expectTypeOf(session.send('Hi', options).final()).resolves.toEqualTypeOf<TurnResult>()
})

test('hooks are told by their name what they get and may give', () => {
  const hooks: Hooks = {
    prompt: ({ content }) => ({ refuse: typeof content === 'string' ? content : 'blocks' }),
    beforeTool: [
      ({ name }, { tool }) => ({ allow: name === tool.name }),
      { matcher: 'Bash|mcp__*', run: async ({ input }) => ({ input }) },
    ],
    afterTurn: ({ goneOn }) => (goneOn ? undefined : { prompt: 'On.' }),
    sessionEnd: () => {},
  }
  createAgent({ apiKey: 'key', hooks })
  // @ts-expect-error: there is no such answer
  createAgent({ apiKey: 'key', hooks: { beforeTool: () => ({ deny: 'no' }) } })
  // @ts-expect-error: a matcher is for tools
  createAgent({ apiKey: 'key', hooks: { prompt: { matcher: 'Bash', run: () => {} } } })
})

test('those who answer where the model declines are named by the API or by the user', () => {
  createAgent({ apiKey: 'key', fallbacks: 'default' })
  createAgent({
    apiKey: 'key',
    fallbacks: ['opus', 'claude-haiku-5-5', { model: 'claude-sonnet-5-5', max_tokens: 100 }],
  })
  // @ts-expect-error
  createAgent({ apiKey: 'key', fallbacks: true })
})

test('a history is there to be read', async () => {
  const session = await agent.session()
  expectTypeOf(session.messages).toEqualTypeOf<readonly MessageParam[]>()
  // @ts-expect-error
  session.messages.push({ role: 'user', content: 'Hi' })
  // @ts-expect-error: a listener is no option of the agent
  createAgent({ onText: () => {} })
})

test('what a task comes to has the type of its schema', async () => {
  const schema = { type: 'object', properties: { km: { type: 'number' } }, required: ['km'] } as const
  expectTypeOf((await agent.task('Go', { schema }).final()).result.value).toEqualTypeOf<{ km: number } | undefined>()
  const fancy = z.object({ km: z.string().transform(Number) })
  expectTypeOf(agent.task('Go', { schema: fancy })).toEqualTypeOf<Task<{ km: number }>>()
  expectTypeOf((await agent.task('Go').final()).result.value).toBeUnknown()
  for await (const event of agent.task('Go', { schema })) {
    if (event.type === 'text' || event.type === 'thinking') expectTypeOf(event.content).toEqualTypeOf<string>()
    if (event.type === 'result') expectTypeOf(event.content.result.value).toEqualTypeOf<{ km: number } | undefined>()
  }
  for await (const result of agent.tasks(['a'])) expectTypeOf(result.index).toEqualTypeOf<number>()
})
