import { createClient, type MessageParam } from '@enjamb/core'
import { createMockServer, type MockServer, script, type Turn } from '@enjamb/testing'
import { defineTool, type RunParams, runTools, type Thread } from '@enjamb/tools'
import { expect, it, onTestFinished } from 'vitest'
import { prepareRequests } from './prepare-requests.ts'

const system = [{ type: 'text' as const, text: 'You are an agent. '.repeat(2_000) }]
const look = defineTool({
  name: 'look',
  description: 'Looks.',
  input: { type: 'object', properties: { at: { type: 'number' } } },
  readOnly: true,
  run: ({ at }) => `At ${at} there is ${'something '.repeat(50)}`,
})
const calls = (count: number): Turn => ({
  toolCalls: Array.from({ length: count }, (_, at) => ({ name: 'look', input: { at } })),
})

async function setUp(...turns: Turn[]) {
  const server = await createMockServer({ script: script(turns) })
  onTestFinished(() => server.close())
  const client = createClient({ apiKey: 'key', baseURL: server.url, retry: { maxRetries: 0 } })
  const run = (messages: MessageParam[], thread: Thread, more: Partial<RunParams> = {}) =>
    runTools(
      client,
      { model: 'claude-sonnet-5-5', max_tokens: 4_096, system, tools: [look], messages, ...more },
      { thread },
    )
  return { server, run }
}

/** Of each prompt: its tokens, and how many of them came from the cache. */
const prompts = ({ ledger }: MockServer) =>
  ledger.entries.map(({ usage }) => {
    const read = usage.cache_read_input_tokens ?? 0
    return { read, all: usage.input_tokens + (usage.cache_creation_input_tokens ?? 0) + read }
  })

it('each request reads all that the one before it was, also behind a turn of thirty calls and their results', async () => {
  const { server, run } = await setUp(calls(1), calls(30), calls(30), 'Done.', calls(25), 'Again.')
  const first = await run([{ role: 'user', content: 'Look.' }], prepareRequests({})).final()
  const more: MessageParam[] = [...first.messages, { role: 'user', content: 'And again.' }]
  // As a process that has taken the session up.
  await run(more, prepareRequests({})).final()
  const all = prompts(server)
  expect(all).toHaveLength(6)
  for (const [index, { read }] of all.entries()) expect(read).toBe(all[index - 1]?.all ?? 0)
})

it('nothing is read where caching is off', async () => {
  const { server, run } = await setUp(calls(1), 'Done.')
  await run([{ role: 'user', content: 'Look.' }], prepareRequests({ cache: false })).final()
  expect(prompts(server).map(({ read }) => read)).toEqual([0, 0])
})

it('another session with the same prompt reads it', async () => {
  const { server, run } = await setUp('One.', 'Two.')
  await run([{ role: 'user', content: 'Look.' }], prepareRequests({})).final()
  await run([{ role: 'user', content: 'Something else.' }], prepareRequests({})).final()
  expect(prompts(server)[1]!.read).toBeGreaterThan(9_000)
})

it('where a request is not as the one before it began, the first block that differs is told', async () => {
  const { run } = await setUp('One.', 'Two.', 'Three.')
  const breaks: string[] = []
  const thread = prepareRequests({ onBreak: (where) => breaks.push(where) })
  const messages: MessageParam[] = [{ role: 'user', content: 'Hi.' }]
  const { messages: after } = await run(messages, thread).final()
  await run([...after, { role: 'user', content: 'Ho.' }], thread).final()
  expect(breaks).toEqual([])
  await run(messages, thread, { system: 'You are another.' }).final()
  expect(breaks).toEqual(['system[0]'])
})
