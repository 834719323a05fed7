import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMockServer, type MockServer, script, type Turn } from '@enjamb/testing'
import { defineTool } from '@enjamb/tools'
import { codingTools } from '@enjamb/tools/node'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { type AgentOptions, createAgent, memoryStore, type TaskEvent } from '../index.ts'

let server: MockServer
afterEach(() => server.close())

async function setUp(turns: Turn[], options: AgentOptions = {}) {
  server = await createMockServer({ script: script(turns) })
  return createAgent({
    apiKey: 'key',
    baseURL: server.url,
    model: 'haiku',
    cache: false,
    retry: { baseDelayMs: 1 },
    ...options,
  })
}

const work = { description: 'Wait', prompt: 'Wait.', subagent_type: 'general' }

function workFolder() {
  const cwd = realpathSync(mkdtempSync(join(tmpdir(), 'enjamb-task-')))
  const tools = codingTools({ cwd })
  onTestFinished(async () => {
    await tools.close()
    rmSync(cwd, { recursive: true, force: true })
  })
  return { cwd, tools }
}

const input = { type: 'object' } as const
const look = defineTool({ name: 'look', description: 'Looks.', input, readOnly: true, run: () => 'A cat.' })
const usage = { input_tokens: 1_000, output_tokens: 100 }

describe('a task', () => {
  it('comes to a result, with what it did and what that cost', async () => {
    const agent = await setUp(
      [
        { thinking: 'Hm.', text: 'I look.', toolCalls: [{ id: 'toolu_1', name: 'look' }], usage },
        { text: 'It is a cat.', usage },
      ],
      { model: 'sonnet', tools: [look] },
    )
    const task = agent.task('What is it?', { context: { room: 3 } })
    const result = await task.final()
    expect(result).toMatchObject({
      id: task.id,
      description: 'What is it?',
      status: 'completed',
      result: { summary: 'It is a cat.' },
      pending: [],
      artifacts: [],
      usage: { input_tokens: 2_000, output_tokens: 200, total_tokens: 2_200 },
      cost: { nanoUsd: server.ledger.cost.nanoUsd },
      createdAt: expect.any(Date),
      completedAt: expect.any(Date),
    })
    expect(result.error).toBe(undefined)
    expect(result.executionLog.map(({ type, content }) => [type, content])).toEqual([
      ['thinking', 'Hm.'],
      ['text', 'I look.'],
      ['tool_call', { id: 'toolu_1', name: 'look', input: {} }],
      ['tool_result', { id: 'toolu_1', name: 'look', content: 'A cat.', isError: false, ms: expect.any(Number) }],
      ['text', 'It is a cat.'],
    ])
    expect(server.requests[0]!.body).toMatchObject({
      messages: [{ role: 'user', content: 'What is it?\n\n<context>\n{\n  "room": 3\n}\n</context>' }],
    })
  })

  it('shows its events as they come, the last of them its result', async () => {
    const agent = await setUp([{ text: 'I look.', toolCalls: [{ name: 'look' }] }, 'A cat it is.'], { tools: [look] })
    const task = agent.task('What is it?')
    const events: TaskEvent[] = []
    for await (const event of task) events.push(event)
    const types = events.map(({ type }) => type).filter((type, index, all) => type !== all[index - 1])
    expect(types).toEqual(['text', 'tool_call', 'tool_result', 'text', 'result'])
    const texts = events.map((event) => (event.type === 'text' ? event.content : '')).join('')
    expect(texts).toBe('I look.A cat it is.')
    expect(events.every(({ at }) => new Date(at).toISOString() === at)).toBe(true)
    expect(events.at(-1)).toMatchObject({ type: 'result', content: await task.final() })
  })

  it('sends nothing before somebody reads it', async () => {
    const agent = await setUp(['Done.'])
    const task = agent.task('Do it.')
    await new Promise(setImmediate)
    expect(server.requests).toEqual([])
    expect(await task.final()).toBe(await task.final())
    expect(server.requests).toHaveLength(1)
  })

  it('is a session, which can be gone on with', async () => {
    const agent = await setUp(['It is a cat.', 'Three.'])
    await agent.task('What is it?', { id: 'cat' }).final()
    await using session = await agent.session({ id: 'cat', resume: true })
    expect((await session.send('How old?').final()).text).toBe('Three.')
    expect(server.requests[1]!.body).toMatchObject({ messages: { length: 3 } })
  })

  it('gives its result again where it is asked for by its id', async () => {
    const agent = await setUp([{ text: 'I look.', toolCalls: [{ name: 'look' }] }, 'It is a cat.'], { tools: [look] })
    const {
      durationMs: _,
      completedAt: __,
      createdAt: ___,
      ...first
    } = await agent.task('What?', { id: 'cat' }).final()
    const again = await agent.task('What?', { id: 'cat' }).final()
    expect(again).toMatchObject(first)
    expect(server.requests).toHaveLength(2)
  })

  it.each([
    [{ timeoutMs: 0 }, 'timeoutMs'],
    [{ maxCost: -1 }, 'maxCost'],
    [{ allowAgents: ['nobody'] }, 'there are: general'],
    [{ maxcost: 1 }, 'maxCost'],
    [{ schema: [] }, 'schema'],
  ])('refuses %j at once', async (options, words) => {
    const agent = await setUp([])
    expect(() => agent.task('Do it.', options as object)).toThrow(words)
    expect(() => agent.task(' ')).toThrow('description')
  })
})

describe('a task that is not completed', () => {
  it('says that it failed, and why', async () => {
    const agent = await setUp([{ error: 400 }])
    expect(await agent.task('Do it.').final()).toMatchObject({
      status: 'failed',
      error: { name: 'InvalidRequestError', code: 'invalid_request' },
      result: { summary: expect.any(String) },
      usage: { total_tokens: 0 },
      cost: { nanoUsd: 0 },
    })
  })

  it('is one whose model declined, or asked for too many turns', async () => {
    const agent = await setUp([{ refusal: 'bio' }, { times: Infinity, reply: { toolCalls: [{ name: 'look' }] } }], {
      tools: [look],
      maxTurns: 2,
    })
    expect(await agent.task('Do it.').final()).toMatchObject({ status: 'failed', error: { code: 'refused' } })
    expect(await agent.task('Do it.').final()).toMatchObject({ status: 'failed', error: { code: 'turn_limit' } })
  })

  it('ran out of its time, whatever its tools do', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const run = () => {
      vi.advanceTimersByTime(60_000)
      return new Promise(() => {})
    }
    const stuck = defineTool({ name: 'stuck', description: 'Waits.', input, timeoutMs: 0, run })
    const agent = await setUp([{ text: 'I wait.', toolCalls: [{ name: 'stuck' }] }], { tools: [stuck] })
    const result = await agent.task('Do it.', { timeoutMs: 60_000 }).final()
    expect(result).toMatchObject({ status: 'timeout', result: { summary: 'I wait.' }, error: { code: 'timeout' } })
    expect(result.executionLog.at(-1)).toMatchObject({ type: 'tool_result', content: { isError: true } })
    expect(result.cost?.nanoUsd).toBe(server.ledger.cost.nanoUsd)
    // It has ended, whoever asks again.
    const { executionLog, cost } = result
    expect(await agent.task('Do it.', { id: result.id }).final()).toMatchObject({
      status: 'timeout',
      result: { summary: 'I wait.' },
      error: result.error,
      executionLog,
      cost,
    })
    expect(server.requests).toHaveLength(1)
  })

  it('is still that, whatever of it was in the background when its time was over', async () => {
    const agent = await setUp(
      [
        { toolCalls: [{ name: 'Task', input: { ...work, run_in_background: true } }] },
        {
          when: ({ params }) => JSON.stringify(params.messages[0]).includes('Wait'),
          reply: { stallAfterEvents: 2, text: 'One. '.repeat(99) },
        },
        'I wait.',
      ],
      { agents: [] },
    )
    const controller = new AbortController()
    const task = agent.task('Do it.', { id: 'b', signal: controller.signal })
    for await (const event of task)
      if (event.type === 'text' && event.content.includes('wait')) setTimeout(() => controller.abort(), 20)
    expect(await task.final()).toMatchObject({ status: 'aborted' })
    const asked = server.requests.length
    expect(await agent.task('Do it.', { id: 'b' }).final()).toMatchObject({
      status: 'aborted',
      result: { summary: 'I wait.' },
    })
    expect(server.requests).toHaveLength(asked)
  })

  it('was stopped: by itself, by a signal, or before it began', async () => {
    const agent = await setUp([
      { times: Infinity, reply: { text: 'One, two, three. '.repeat(99), stallAfterEvents: 9 } },
    ])
    const task = agent.task('Count.')
    for await (const event of task) if (event.type === 'text') task.abort('enough')
    expect(await task.final()).toMatchObject({ status: 'aborted', error: { code: 'aborted', message: 'enough' } })
    const controller = new AbortController()
    const other = agent.task('Count.', { signal: controller.signal })
    for await (const event of other) if (event.type === 'text') controller.abort()
    expect(await other.final()).toMatchObject({ status: 'aborted' })
    expect(await agent.task('Count.', { signal: controller.signal }).final()).toMatchObject({ status: 'aborted' })
    expect(server.requests).toHaveLength(2)
  })

  it('waits for somebody, and goes on when it is told what they said', async () => {
    const store = memoryStore()
    const write = defineTool({ name: 'write', description: 'Writes.', input, run: () => 'Written.' })
    const agent = await setUp([{ toolCalls: [{ id: 'toolu_1', name: 'write' }] }, 'It is written.'], {
      store,
      tools: [write],
      permission: () => ({ defer: true }),
    })
    const first = await agent.task('Write it.', { id: 'w' }).final()
    expect(first).toMatchObject({ status: 'waiting', pending: [{ id: 'toolu_1', name: 'write' }] })
    expect(first.executionLog.at(-1)).toMatchObject({ type: 'waiting', content: { id: 'toolu_1' } })
    expect(await agent.task('Write it.', { id: 'w' }).final()).toMatchObject({ status: 'waiting' })
    const decisions = { toolu_1: { allow: true } }
    expect(await agent.task('Write it.', { id: 'w', decisions }).final()).toMatchObject({
      status: 'completed',
      result: { summary: 'It is written.' },
      pending: [],
    })
    expect(server.requests).toHaveLength(2)
  })

  it('is told of where its session is busy', async () => {
    const agent = await setUp([])
    await using _ = await agent.session({ id: 'busy' })
    expect(await agent.task('Do it.', { id: 'busy' }).final()).toMatchObject({
      status: 'failed',
      error: { code: 'session_busy' },
      executionLog: [],
    })
  })
})

describe('what a task may', () => {
  it('is no more than it is given', async () => {
    const other = defineTool({ name: 'other', description: 'Others.', input, run: () => '' })
    const agent = await setUp([{ toolCalls: [{ name: 'other' }] }, 'Done.'], { tools: [look, other] })
    const { executionLog } = await agent.task('Do it.', { allowTools: ['lo*'] }).final()
    expect(server.requests[0]!.body).toMatchObject({ tools: [{ name: 'look' }] })
    expect(executionLog).toContainEqual(
      expect.objectContaining({ type: 'tool_result', content: expect.objectContaining({ isError: true }) }),
    )
  })

  it('is a skill among those that it is allowed, each use of which is an event', async () => {
    const { cwd } = workFolder()
    for (const name of ['review', 'deploy']) {
      mkdirSync(join(cwd, 'skills', name), { recursive: true })
      writeFileSync(
        join(cwd, 'skills', name, 'SKILL.md'),
        `---\nname: ${name}\ndescription: To ${name}.\n---\nHow to ${name}.`,
      )
    }
    const { loadSkills } = await import('@enjamb/tools/node')
    const tools = codingTools({ cwd, skills: await loadSkills([join(cwd, 'skills')]) })
    const call = (skill: string) => ({ toolCalls: [{ name: 'Skill', input: { skill } }] })
    const agent = await setUp([call('review'), call('deploy'), 'Done.', 'Done.'], { tools })
    const { executionLog } = await agent.task('Do it.', { allowTools: [], allowSkills: ['review'] }).final()
    const log = executionLog.map(({ type, content }) => [type, content])
    expect(log).toContainEqual(['skill_invoke', { id: expect.any(String), skill: 'review' }])
    expect(log.filter(([type]) => type === 'skill_invoke')).toHaveLength(1)
    expect(log.filter(([type]) => type === 'tool_result')).toMatchObject([
      ['tool_result', { isError: false, content: expect.stringContaining('How to review.') }],
      ['tool_result', { isError: true, content: expect.stringContaining('the skills of this task are review') }],
    ])
    const told = (n: number) => JSON.stringify(server.requests.at(n)!.body)
    expect(told(0)).toContain('To review.')
    expect(told(0)).not.toContain('To deploy.')
    expect(() => agent.task('Do it.', { allowSkills: ['cook'] })).toThrow('there are: deploy, review')
    await agent.task('Do it.', { allowSkills: [] }).final()
    expect(JSON.stringify(server.requests.at(-1)!.body)).not.toContain('"Skill"')
  })
})

describe('a task with a schema', () => {
  const schema = {
    type: 'object',
    properties: { legs: { type: 'integer', maximum: 4 } },
    required: ['legs'],
  } as const

  it('has a typed value, and is asked again where its answer does not fit', async () => {
    const agent = await setUp(['{"legs": 5}', '{"legs": 4}'])
    const { status, result } = await agent.task('How many legs?', { schema }).final()
    expect(status).toBe('completed')
    expect(result.value?.legs satisfies number | undefined).toBe(4)
    expect(server.requests[0]!.body).toMatchObject({ output_config: { format: { type: 'json_schema' } } })
  })

  it('fails where it never fits', async () => {
    const agent = await setUp([{ times: 3, reply: '{"legs": 5}' }])
    const result = await agent.task('How many legs?', { schema }).final()
    expect(result).toMatchObject({
      status: 'failed',
      error: { code: 'schema_mismatch', message: expect.stringMatching('legs') },
    })
    expect(result.result.value).toBe(undefined)
  })
})

describe('the artifacts of a task', () => {
  const call = (name: string, input: { [key: string]: string }) => ({ toolCalls: [{ name, input }] })

  it('are the files that its tools and commands made, changed and removed, but for what .gitignore names', async () => {
    const { cwd, tools } = workFolder()
    for (const name of ['kept.txt', 'old.txt', 'gone.txt']) writeFileSync(join(cwd, name), name)
    writeFileSync(join(cwd, '.gitignore'), 'dist/\n')
    const agent = await setUp(
      [
        call('Write', { file_path: join(cwd, 'new.md'), content: '# New' }),
        call('Bash', {
          command: [
            'rm gone.txt; echo more >> old.txt; mkdir dist src; echo a > dist/a; echo b > src/b; touch x; rm x',
            `printf '\\211PNG\\r\\n' > a.txt; printf '%%PDF-1.7' > b; printf 'a\\0b' > c; printf '\\377' > d; touch e`,
          ].join('; '),
        }),
        'Done.',
      ],
      { tools },
    )
    const { artifacts, status } = await agent.task('Work.', { id: 'w' }).final()
    expect(status).toBe('completed')
    expect(existsSync(join(cwd, 'dist/a'))).toBe(true)
    const shown = artifacts.map(({ path, change, sizeBytes, type }) => [
      path.slice(cwd.length + 1),
      change,
      sizeBytes,
      type,
    ])
    expect(shown.sort()).toEqual([
      ['a.txt', 'created', 6, 'image'],
      ['b', 'created', 8, 'document'],
      ['c', 'created', 3, 'file'],
      ['d', 'created', 1, 'file'],
      ['e', 'created', 0, 'text'],
      ['gone.txt', 'deleted', 0, 'file'],
      ['new.md', 'created', 5, 'text'],
      ['old.txt', 'modified', 12, 'text'],
      ['src/b', 'created', 2, 'text'],
    ])
    expect(artifacts.every(({ createdAt }) => createdAt instanceof Date)).toBe(true)
    expect((await agent.task('Work.', { id: 'w' }).final()).artifacts).toEqual(artifacts)
  })
})
