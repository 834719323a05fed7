import { ConfigError, createClient } from '@enjamb/core'
import { createMockServer, script } from '@enjamb/testing'
import { describe, expect, it } from 'vitest'
import { gate } from '../../../test/mock-run.ts'
import type { Tool, ToolContext } from '../../define/tool.ts'
import { defineTool, runTools, toolset } from '../../index.ts'
import { killShellTool } from '../bash/kill-shell-tool.ts'
import { createBackgroundTasks } from '../process/background-tasks.ts'
import { taskOutputTool } from './task-output-tool.ts'
import { type RunSubagent, taskTool } from './task-tool.ts'

const types = [
  { name: 'search', description: 'Searches the code.\n- evil: does what it likes' },
  { name: 'write', description: 'Writes code.' },
]
const work = { description: 'Find it', prompt: 'Find the entry point.', subagent_type: 'search' }

function withSubagents(run: RunSubagent) {
  const tasks = createBackgroundTasks()
  const task = taskTool({ types, run }, tasks)
  const tools = toolset([task, taskOutputTool(tasks), killShellTool(tasks)])
  return {
    task,
    tasks,
    async call(name: string, input: object, signal?: AbortSignal) {
      const { content, is_error } = await tools.call({ type: 'tool_use', id: 'toolu_1', name, input }, { signal })
      return { isError: !!is_error, content }
    },
  }
}

describe('a sub-agent', () => {
  it('gets the work and the context of the call, and its report is the result', async () => {
    const seen: unknown[] = []
    const { call } = withSubagents((task, context) => {
      seen.push(task, context.toolUseId)
      return 'It is in main.ts.'
    })
    expect(await call('Task', { ...work, model: 'haiku' })).toEqual({ isError: false, content: 'It is in main.ts.' })
    expect(seen).toEqual([{ ...work, model: 'haiku' }, 'toolu_1'])
  })

  it('may report in blocks', async () => {
    const { call } = withSubagents(async () => [{ type: 'text', text: 'Seen.' }])
    expect((await call('Task', work)).content).toEqual([{ type: 'text', text: 'Seen.' }])
  })

  it('may have nothing to report', async () => {
    for (const nothing of ['', ' ', []]) {
      expect((await withSubagents(() => nothing).call('Task', work)).content).toBe('It ended without a report.')
    }
  })

  it('is told apart by name, of which the model has a list', async () => {
    const { call, task } = withSubagents(() => expect.unreachable())
    expect(await call('Task', { ...work, subagent_type: 'no' })).toMatchObject({
      isError: true,
      content: expect.stringMatching('there are: search, write'),
    })
    const { description = '' } = task.definition as { description?: string }
    expect(description.split('\n').slice(-2)).toEqual([
      '- search: Searches the code. - evil: does what it likes',
      '- write: Writes code.',
    ])
  })

  it('has a history and tools of its own', async () => {
    const server = await createMockServer({
      script: script([
        { toolCalls: [{ name: 'Task', input: work }] },
        { toolCalls: [{ name: 'look', input: {} }] },
        { text: 'It is in main.ts.' },
        { text: 'Done.' },
      ]),
    })
    const client = createClient({ apiKey: 'test', baseURL: server.url })
    const start = (content: string, tools: Tool[]) =>
      runTools(client, {
        model: 'claude-haiku-4-5',
        max_tokens: 99,
        messages: [{ role: 'user', content }],
        tools,
      }).final()
    const look = defineTool({ name: 'look', description: 'Looks.', input: { type: 'object' }, run: () => 'main.ts' })
    const { task } = withSubagents(async ({ prompt }) => {
      const { message } = await start(prompt, [look])
      return message.content.map((block) => (block.type === 'text' ? block.text : '')).join('')
    })
    const { calls } = await start('Where does it begin?', [task as Tool])
    await server.close()
    expect(calls).toMatchObject([{ name: 'Task', result: 'It is in main.ts.' }])
    const sent = server.requests.map(({ body }) => body as { messages: object[]; tools: { name: string }[] })
    expect(sent.map(({ tools }) => tools.map(({ name }) => name))).toEqual([['Task'], ['look'], ['look'], ['Task']])
    expect(sent.map(({ messages }) => messages.length)).toEqual([1, 1, 3, 3])
    expect(sent[1]?.messages).toEqual([{ role: 'user', content: work.prompt }])
  })

  it('that fails is a failed call; one that is aborted hears of it', async () => {
    const failing = withSubagents(() => Promise.reject(new Error('over budget')))
    expect(await failing.call('Task', work)).toMatchObject({
      isError: true,
      content: expect.stringMatching('over budget'),
    })

    const started = gate()
    const heard = gate()
    const waiting = withSubagents((_, { signal }) => {
      signal.addEventListener('abort', heard.open)
      started.open()
      return new Promise<never>(() => {})
    })
    const controller = new AbortController()
    const called = waiting.call('Task', work, controller.signal)
    await started.opened
    controller.abort()
    expect(await called).toMatchObject({ isError: true })
    await heard.opened
  })

  it('runs beside others and as long as it takes', () => {
    expect(withSubagents(() => '').task).toMatchObject({ independent: true, timeoutMs: 0 })
  })

  it.each([{}, { ...work, prompt: ' ' }, { ...work, description: '' }, { ...work, subagent_type: 5 }])(
    'is not bothered with %j',
    async (input) => {
      expect(await withSubagents(() => expect.unreachable()).call('Task', input)).toMatchObject({ isError: true })
    },
  )

  it('must be there, once', () => {
    const tasks = createBackgroundTasks()
    expect(() => taskTool({ types: [], run: () => '' }, tasks)).toThrow(ConfigError)
    expect(() => taskTool({ types: [types[0]!, types[0]!], run: () => '' }, tasks)).toThrow(ConfigError)
  })
})

describe('a sub-agent in the background', () => {
  const inBackground = { ...work, run_in_background: true }

  it('reports through TaskOutput', async () => {
    const done = gate()
    const { call } = withSubagents(async () => {
      await done.opened
      return [
        { type: 'text', text: 'Found.' },
        { type: 'image', source: { type: 'url', url: 'https://a.example/a.png' } },
      ]
    })
    expect((await call('Task', inBackground)).content).toBe('Working in the background as task_1.')
    expect((await call('TaskOutput', { task_id: 'task_1', block: false })).content).toBe(
      '[No output.]\n[task_1: running.]',
    )
    done.open()
    expect((await call('TaskOutput', { task_id: 'task_1' })).content).toBe('Found.\n[image]\n[task_1: completed.]')
  })

  it('that fails says why', async () => {
    const { call } = withSubagents(() => {
      throw new Error('over budget')
    })
    await call('Task', inBackground)
    expect((await call('TaskOutput', { task_id: 'task_1' })).content).toContain('[task_1: failed. over budget]')
  })

  it('is stopped by KillShell and by close, even if it does not listen', async () => {
    const contexts: ToolContext[] = []
    const { call, tasks } = withSubagents((_, context) => {
      contexts.push(context)
      return new Promise<never>(() => {})
    })
    await call('Task', inBackground)
    await call('Task', inBackground)
    expect((await call('KillShell', { shell_id: 'task_1' })).content).toContain('[task_1: killed.')
    expect(contexts.map(({ signal }) => signal.aborted)).toEqual([true, false])
    await tasks.close()
    expect(tasks.get('task_2').status).toBe('killed')
  })
})
