import { AuthenticationError, PermissionDeniedError, RateLimitError } from '@enjamb/core'
import { expect, it } from 'vitest'
import { ask, look, setUpTeam, usage, whenAsked, write } from '../../test/set-up-team.ts'
import type { TaskEvent, TaskOptions, TaskResult } from '../index.ts'

/** What the task client that this grew out of calls its options, and what they are called here. */
const options: { [name: string]: keyof TaskOptions } = {
  allow_tools: 'allowTools',
  allow_agents: 'allowAgents',
  allow_skills: 'allowSkills',
  timeout: 'timeoutMs',
  max_cost: 'maxCost',
  context: 'context',
}

/** The same of what it gives; a path has dots. */
const fields: { [name: string]: string } = {
  id: 'id',
  status: 'status',
  'result.summary': 'result.summary',
  execution_log: 'executionLog',
  artifacts: 'artifacts',
  'usage.total_tokens': 'usage.total_tokens',
  'usage.total_cost': 'cost.usd',
  created_at: 'createdAt',
  completed_at: 'completedAt',
}

const events: { [name: string]: TaskEvent['type'] } = {
  thinking: 'thinking',
  tool_call: 'tool_call',
  tool_result: 'tool_result',
  agent_spawn: 'agent_spawn',
  result: 'result',
}

async function run(): Promise<{ events: TaskEvent[]; result: TaskResult; tools: string[] }> {
  const { agent, server } = await setUpTeam(
    [
      whenAsked(/Go/, { thinking: 'Hm.', ...(ask({ prompt: 'Find it.' }) as object) }),
      whenAsked(/Find it/, { text: 'Found.', usage }),
      whenAsked(/Go/, { text: 'Done.', usage }),
    ],
    { tools: [look, write], model: 'claude-sonnet-5-5' },
  )
  const task = agent.task('Go.', {
    allowTools: ['look'],
    allowAgents: ['general'],
    allowSkills: [],
    timeoutMs: 60_000,
    maxCost: 2,
    context: { why: 'a test' },
  })
  const seen: TaskEvent[] = []
  for await (const event of task) seen.push(event)
  const { tools = [] } = server.requests[0]!.body as { tools?: { name: string }[] }
  return { events: seen, result: await task.final(), tools: tools.map(({ name }) => name) }
}

it('a task has every option, field and event that its forerunner had', async () => {
  const { events: seen, result, tools } = await run()
  expect(Object.values(options)).toHaveLength(6)
  expect(tools).toEqual(['look', 'Task'])
  const at = (path: string) => path.split('.').reduce<unknown>((part, key) => Object(part)[key], result)
  for (const [name, path] of Object.entries(fields)) expect(at(path), name).toBeDefined()
  for (const [name, type] of Object.entries(events)) {
    const event = seen.find((one) => one.type === type)
    expect(event, name).toMatchObject({ type, content: expect.anything(), at: expect.any(String) })
  }
})

it.each([
  [401, AuthenticationError, 'authentication'],
  [403, PermissionDeniedError, 'permission'],
  [429, RateLimitError, 'rate_limit'],
])('a task that ends with %i says so as its class does', async (status, { name }, code) => {
  const { agent } = await setUpTeam([{ error: status }])
  expect(await agent.task('Go.').final()).toMatchObject({
    status: 'failed',
    error: { name, code: expect.stringContaining(code) },
  })
})
