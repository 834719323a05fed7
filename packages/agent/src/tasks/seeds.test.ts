import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { batch, createChat, totalTokens, withAuto } from '@enjamb/chat'
import {
  APIError,
  AuthenticationError,
  BudgetExceededError,
  chooseModel,
  createClient,
  createMessage,
  createUsageMeter,
  type Middleware,
  PermissionDeniedError,
  RateLimitError,
} from '@enjamb/core'
import { createAccumulator, parseEvents } from '@enjamb/stream'
import { createMockServer, script, type Turn } from '@enjamb/testing'
import { defineTool } from '@enjamb/tools'
import { codingTools } from '@enjamb/tools/node'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { ask, input, look, setUpTeam, usage, whenAsked, write } from '../../test/set-up-team.ts'
import {
  createAgent,
  query,
  type TaskBatchOptions,
  type TaskEvent,
  type TaskOptions,
  type TaskResult,
} from '../index.ts'

// What the clients that this grew out of have for tasks and for many questions, by their own names: each test begins with a
// table of these, and of what they are called here. A path has dots.

const at = (value: unknown, path: string) => path.split('.').reduce<unknown>((part, key) => Object(part)[key], value)

const hello = { model: 'claude-haiku-4-5', max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }] }

function expectAll(value: unknown, names: { [theirs: string]: string }): void {
  for (const [theirs, ours] of Object.entries(names)) expect(at(value, ours), theirs).toBeDefined()
}

describe('execute_task and stream_task', () => {
  const options: { [theirs: string]: keyof TaskOptions } = {
    allow_tools: 'allowTools',
    allow_agents: 'allowAgents',
    allow_skills: 'allowSkills',
    timeout: 'timeoutMs',
    max_cost: 'maxCost',
    context: 'context',
  }
  const fields = {
    id: 'id',
    status: 'status',
    result: 'result',
    'result.summary': 'result.summary',
    execution_log: 'executionLog',
    artifacts: 'artifacts',
    'artifacts[].type': 'artifacts.0.type',
    'artifacts[].path': 'artifacts.0.path',
    'artifacts[].size_bytes': 'artifacts.0.sizeBytes',
    'artifacts[].created_at': 'artifacts.0.createdAt',
    'usage.input_tokens': 'usage.input_tokens',
    'usage.output_tokens': 'usage.output_tokens',
    'usage.total_tokens': 'usage.total_tokens',
    'usage.total_cost': 'cost.usd',
    created_at: 'createdAt',
    completed_at: 'completedAt',
  }
  const statuses: { [theirs: string]: TaskResult['status'] } = {
    completed: 'completed',
    failed: 'failed',
    timeout: 'timeout',
  }
  const events: { [theirs: string]: TaskEvent['type'] } = {
    thinking: 'thinking',
    tool_call: 'tool_call',
    tool_result: 'tool_result',
    agent_spawn: 'agent_spawn',
    skill_invoke: 'skill_invoke',
    result: 'result',
  }
  const eventFields = { type: 'type', content: 'content', timestamp: 'at' }

  it('have every option, field and event', async () => {
    const cwd = realpathSync(mkdtempSync(join(tmpdir(), 'enjamb-seeds-')))
    onTestFinished(() => rmSync(cwd, { recursive: true }))
    await using files = codingTools({ cwd })
    const Skill = defineTool({ name: 'Skill', description: 'Loads a skill.', input, run: () => 'How to review.' })
    const { agent, server } = await setUpTeam(
      [
        whenAsked(/Go/, { thinking: 'Hm.', ...(ask({ prompt: 'Find it.' }) as object) }),
        whenAsked(/Find it/, { text: 'Found.', usage }),
        whenAsked(/Go/, {
          toolCalls: [
            { name: 'Skill', input: { skill: 'review' } },
            { name: 'Write', input: { file_path: join(cwd, 'a.md'), content: '# A' } },
          ],
        }),
        whenAsked(/Go/, { text: 'Done.', usage }),
      ],
      { tools: [files, Skill, write], model: 'claude-sonnet-5-5' },
    )
    const task = agent.task('Go.', {
      allowTools: ['Write'],
      allowAgents: ['general'],
      allowSkills: ['review'],
      timeoutMs: 60_000,
      maxCost: 2,
      context: { why: 'a test' },
    })
    expect(Object.values(options)).toHaveLength(6)
    const seen: TaskEvent[] = []
    for await (const event of task) seen.push(event)
    const result = await task.final()
    expectAll(result, fields)
    expect(result).toMatchObject({
      status: statuses.completed,
      result: { summary: 'Done.' },
      artifacts: [{ type: 'text', path: join(cwd, 'a.md'), sizeBytes: 3, createdAt: expect.any(Date) }],
      cost: { usd: server.ledger.cost.usd },
    })
    expect(result.usage.total_tokens).toBe(totalTokens(result.usage))
    for (const [theirs, type] of Object.entries(events)) {
      const event = seen.find((one) => one.type === type)
      expect(event, theirs).toBeDefined()
      expectAll(event, eventFields)
    }
    const { tools = [] } = server.requests[0]!.body as { tools?: { name: string }[] }
    expect(tools.map(({ name }) => name)).toEqual(['Write', 'Skill', 'Task'])
  })

  const errors: [theirs: string, turn: Turn, result: object][] = [
    ['AuthenticationError (401)', { error: 401 }, { status: 'failed', error: { name: AuthenticationError.name } }],
    ['PermissionError (403)', { error: 403 }, { status: 'failed', error: { name: PermissionDeniedError.name } }],
    [
      'RateLimitError (429), with when it ends',
      { error: { status: 429, headers: { 'retry-after': '60' } } },
      {
        status: 'failed',
        error: {
          name: RateLimitError.name,
          code: 'rate_limit',
          retryable: true,
          resetsAt: expect.stringMatching(/^20.*Z$/),
          requestId: expect.stringMatching(/^req_/),
        },
      },
    ],
    ['TimeoutError', { text: 'One. '.repeat(99), stallAfterEvents: 9 }, { status: statuses.timeout }],
    ['CostExceededError', 'Never asked.', { status: 'over_budget', error: { code: 'budget_exceeded' } }],
  ]
  it.each(errors)('end in a result where they raised %s', async (theirs, turn, result) => {
    const { agent } = await setUpTeam([turn])
    const limits = { TimeoutError: { timeoutMs: 100 }, CostExceededError: { maxCost: 0.000_01 } }[theirs]
    expect(await agent.task('Go.', limits).final()).toMatchObject(result)
  })

  it('are many at once, of which max_workers are worked at, and tracked_task and get_stats are what results and meters say', async () => {
    const names: { [theirs: string]: keyof TaskBatchOptions } = { max_workers: 'concurrency' }
    expect(names.max_workers).toBe('concurrency')
    const { agent, server } = await setUpTeam([{ times: 3, reply: { text: 'Done.', usage } }, { error: 400 }])
    const metrics = { requests: 0, failed: 0 }
    // Their MetricsMiddleware.
    const counting: Middleware = (request, next) => {
      metrics.requests++
      request.onOutcome(({ error }) => {
        if (error) metrics.failed++
      })
      return next(request)
    }
    const meter = createUsageMeter()
    const metered = createAgent({
      apiKey: 'key',
      baseURL: server.url,
      model: 'haiku',
      retry: { maxRetries: 0 },
      middleware: [counting, meter.middleware],
    })
    const all = metered.tasks(['a', 'b', 'c', 'd'], { concurrency: 3 })
    for await (const task of all) {
      // Their tracked_task prints the description, how long it took, what it cost and how it ended.
      expectAll(task, { description: 'description', duration: 'durationMs', cost: 'cost.usd', status: 'status' })
    }
    expect(await all.final()).toMatchObject({ total: 4, completed: 3, failed: 1, totalTokens: 3_300 })
    expect(metrics).toEqual({ requests: 4, failed: 1 })
    expect(await meter.stats()).toMatchObject({ totalTokens: 3_300, totalCost: server.ledger.cost.usd })
    expect(agent.tasks(['a']).progress).toMatchObject({ total: 1 })
  })

  it('have their examples: files analysed, documentation with artifacts, events as they come, many with a bar', () => {
    for (const name of ['analyse-files', 'document', 'stream-task', 'task-progress']) {
      expect(existsSync(new URL(`../../../../examples/agent/${name}.ts`, import.meta.url)), name).toBe(true)
    }
  })
})

describe('ClaudeAgentClient', () => {
  const person = defineTool({ name: 'person', description: 'Asks somebody.', input })

  it('has system_prompt, append_system_prompt, allowed_tools, disallowed_tools, max_tokens, send_message_stream with on_text and tool_results, send_message, stream=False, messages, count_tokens and forks', async () => {
    const { server, agent } = await setUpTeam(
      [{ toolCalls: [{ name: 'person', id: 'toolu_1' }] }, 'Seven, then.', 'Whole.', 'Apart.'],
      {
        system: 'You are {model_display_name}, {model_id}, and know what was until {knowledge_cutoff}.',
        appendSystem: 'Be brief.',
        tools: [person, look, write],
        allowTools: ['person', 'look', 'write'],
        denyTools: ['write'],
        // device_id, account_uuid and session_id are the parts of what _build_metadata makes.
        metadata: { deviceId: 'd', accountId: 'a' },
      },
    )
    const bodies = () => server.requests.map(({ body }) => Object(body))
    await using session = await agent.session({ id: 'mail-42' }) // async with, and session_id
    expect(await session.send('How many?').final()).toMatchObject({ status: 'waiting', pending: [{ id: 'toolu_1' }] })
    expect(bodies()[0]).toMatchObject({ max_tokens: 32_000, metadata: { user_id: 'user_d_account_a_session_mail-42' } })
    expect(bodies()[0].tools.map(({ name }: { name: string }) => name)).toEqual(['person', 'look'])
    expect(JSON.stringify(bodies()[0].system)).toMatch(
      /You are Claude Haiku 4\.5, claude-haiku-4-5.* until 20\d\d-\d\d.*Be brief/,
    )

    const heard: string[] = []
    const told = { toolResults: [{ id: 'toolu_1', content: '7' }], onText: (text: string) => void heard.push(text) }
    const answer = await session.send('Say it.', told).final()
    expect([heard.join(''), answer.message]).toMatchObject([
      'Seven, then.',
      { stop_reason: 'end_turn', role: 'assistant' },
    ])
    // Results before the text; the API takes both for one message.
    expect(bodies()[1].messages.slice(2)).toMatchObject([
      { role: 'user', content: [{ type: 'tool_result' }] },
      { role: 'user', content: 'Say it.' },
    ])

    expect((await session.send('Once more.', { stream: false }).final()).text).toBe('Whole.')
    expect(bodies()[2].stream).toBeFalsy()
    expect(session.messages).toHaveLength(7)
    expect(await session.countTokens()).toBeGreaterThan(20)
    const fork = await session.fork()
    expect((await fork.send('And here?').final()).text).toBe('Apart.')
    await fork.close()
  })

  it('has query, and what its StreamParser and parse_sse_stream do', async () => {
    const server = await createMockServer({ script: script(['Hi.', 'Hi again.']) })
    onTestFinished(() => server.close())
    const { text } = await query('Hello?', { apiKey: 'key', baseURL: server.url, model: 'haiku' })
    expect(text).toBe('Hi.')

    const response = await fetch(`${server.url}/v1/messages`, {
      method: 'POST',
      headers: { 'x-api-key': 'key', 'anthropic-version': '2026-10-21', 'content-type': 'application/json' },
      body: JSON.stringify({ ...hello, stream: true }),
    })
    const parser = createAccumulator()
    for await (const event of parseEvents(response.body!)) parser.push(event) // add_chunk
    expect(parser.message.content).toMatchObject([{ type: 'text', text: 'Hi again.' }]) // to_dict
  })
})

describe('the clients', () => {
  it('take base_url, timeout and max_retries, CLAUDE_API_KEY, CLAUDE_BASE_URL and CLAUDE_TIMEOUT, and log at debug level', async () => {
    const server = await createMockServer({ script: script([{ error: 529 }, 'Hi.']) })
    onTestFinished(() => server.close())
    onTestFinished(() => void vi.unstubAllEnvs())
    for (const name of ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'ANTHROPIC_BASE_URL']) vi.stubEnv(name, '')
    vi.stubEnv('CLAUDE_API_KEY', 'key')
    vi.stubEnv('CLAUDE_BASE_URL', server.url)
    vi.stubEnv('CLAUDE_TIMEOUT', '300')
    const told: unknown[] = []
    const logger = {
      debug: (...args: unknown[]) => void told.push(args),
      warn: (...args: unknown[]) => void told.push(args),
    }
    const client = createClient({ retry: { maxRetries: 3, baseDelayMs: 1 }, logger })
    expect(client).toMatchObject({ baseURL: server.url, timeoutMs: 300_000 })
    expect(await createAgent({ client, model: 'haiku' }).task('Go.').final()).toMatchObject({ status: 'completed' })
    expect(server.requests).toHaveLength(2)
    expect(told.length).toBeGreaterThan(0)
  })

  it('raise ClaudeAPIError with status_code, and CostExceededError with estimated_cost', async () => {
    const server = await createMockServer({ script: script([{ error: 400 }]) })
    onTestFinished(() => server.close())
    const { middleware } = createUsageMeter({ budgets: { default: { usd: 0.01 } } })
    const client = createClient({ apiKey: 'key', baseURL: server.url, middleware: [middleware] })
    const send = (max_tokens: number) =>
      createMessage(client, { model: 'claude-haiku-4-5', max_tokens, messages: [{ role: 'user', content: 'Hi' }] })
    const error = await send(10).catch((error) => error)
    expect(error).toBeInstanceOf(APIError)
    expect(error.status).toBe(400)
    const refusal = await send(10_000).catch((error) => error)
    expect(refusal).toBeInstanceOf(BudgetExceededError)
    expect(refusal.estimatedCost).toBeGreaterThan(0.05)
  })
})

describe('batch', () => {
  const responseFields = {
    total: 'total',
    completed: 'completed',
    failed: 'failed',
    results: 'results',
    total_cost: 'totalCost.usd',
    total_tokens: 'totalTokens',
  }
  const completedFields = {
    id: 'id',
    prompt: 'prompt',
    status: 'status',
    content: 'reply.text',
    usage: 'reply.usage',
    cost: 'cost.usd',
  }
  const failedFields = { id: 'id', prompt: 'prompt', status: 'status', error: 'error' }

  it('has prompts, model, project_id, parallel and timeout, every field, and no failure fails the rest; Model.AUTO chooses', async () => {
    const server = await createMockServer({
      script: script([
        { when: { text: /bad/ }, reply: { error: 400 } },
        { times: 9, reply: 'Well.' },
      ]),
    })
    onTestFinished(() => server.close())
    const meter = createUsageMeter()
    const chat = createChat({ apiKey: 'key', baseURL: server.url, middleware: [meter.middleware] })
    const options = { model: 'haiku', project: 'docs', concurrency: 2, timeoutMs: 30_000 } as const
    const reply = await batch(chat, ['a good one', 'a bad one', 'another good one'], options)
    expectAll(reply, responseFields)
    expect(reply).toMatchObject({ total: 3, completed: 2, failed: 1 })
    expectAll(reply.results[0], completedFields)
    expectAll(reply.results[1], failedFields)
    expect((await meter.stats({ project: 'docs' })).totalCost).toBe(reply.totalCost?.usd)

    const { choice } = await withAuto(chat).chat('Hi.')
    expect(choice).toEqual(chooseModel('Hi.'))
    const agent = createAgent({ apiKey: 'key', baseURL: server.url, model: chooseModel, tools: [look] })
    expect((await agent.task('Hi.').final()).choice).toEqual(choice)
  })
})
