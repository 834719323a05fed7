import { Buffer } from 'node:buffer'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commandTools } from '../../../test/command-tools.ts'
import { idsIn, isRunning, until } from '../../../test/processes.ts'
import { toolset } from '../../index.ts'
import { codingTools, createBackgroundTasks, taskOutputTool } from '../index.ts'

const inBackground = { run_in_background: true }

describe('a command in the background', () => {
  const { bash, call, cwd, tasks } = commandTools()
  const output = async (input: object) => (await call('TaskOutput', input)).text

  it('is started at once, and waited for when its output is asked for', async () => {
    expect(await bash('until [ -e go ]; do sleep 0.01; done; echo hi; exit 3', inBackground)).toBe(
      'Running in the background as bash_1.',
    )
    expect(await output({ task_id: 'bash_1', block: false })).toBe('[No output.]\n[bash_1: running.]')
    expect(await output({ task_id: 'bash_1', timeout: 20 })).toBe('[No output.]\n[bash_1: running.]')
    const waiting = output({ task_id: 'bash_1' })
    await bash('touch go')
    expect(await waiting).toBe('hi\n[bash_1: completed. Exit code 3.]')
    expect(await output({ task_id: 'bash_1' })).toBe('[No output.]\n[bash_1: completed. Exit code 3.]')
    expect(await output({ task_id: 'bash_1', all: true })).toBe('hi\n[bash_1: completed. Exit code 3.]')
  })

  it('shows what is new', async () => {
    await bash('echo one; until [ -e more ]; do sleep 0.01; done; echo two; sleep 60', inBackground)
    const task = tasks.get('bash_2')
    await until(() => task.output.total === 4)
    expect(await output({ task_id: 'bash_2', block: false })).toBe('one\n[bash_2: running.]')
    await bash('touch more')
    await until(() => task.output.total === 8)
    expect(await output({ task_id: 'bash_2', block: false })).toBe('two\n[bash_2: running.]')
    expect(await output({ task_id: 'bash_2', block: false, all: true })).toBe('one\ntwo\n[bash_2: running.]')
    expect((await call('KillShell', { shell_id: 'bash_2' })).text).toMatch(
      /^\[No output\.\]\n\[bash_2: killed\. Ended by SIGTERM\.\]$/,
    )
    expect(await output({ task_id: 'bash_2' })).toContain('bash_2: killed.')
  })

  it('is shown in whole characters', async () => {
    const { bash, call, tasks } = commandTools()
    await bash(`printf '\\346\\274'; until [ -e more ]; do sleep 0.01; done; printf '\\242\\345'`, inBackground)
    await until(() => tasks.get('bash_1').output.total === 2)
    const { text } = await call('TaskOutput', { task_id: 'bash_1', block: false })
    expect(text).toBe('[No output.]\n[bash_1: running.]')
    await bash('touch more')
    expect((await call('TaskOutput', { task_id: 'bash_1' })).text).toMatch(/^漢\ufffd\n/)
  })

  it('is stopped with all that it started', async () => {
    await bash(
      `sh -c 'trap "" TERM; echo $$ > deaf; while :; do sleep 0.05; done' & echo $$ > shell; wait`,
      inBackground,
    )
    const ids = await idsIn(join(cwd, 'deaf'), join(cwd, 'shell'))
    expect((await call('KillShell', { shell_id: 'bash_3' })).text).toContain('killed')
    expect(ids.map(isRunning)).toEqual([false, false])
    expect((await call('KillShell', { shell_id: 'bash_3' })).isError).toBe(false)
  })

  it('does not move the working folder, has no time limit of its own, and ends where it leaves things running', async () => {
    await bash('mkdir -p sub; cd sub; sleep 60 & echo done', { ...inBackground, timeout: 1 })
    expect(await output({ task_id: 'bash_4' })).toMatch(
      /^done\n\[bash_4: completed\. Exit code 0\. What it left running/,
    )
    expect(await bash('pwd')).toBe(cwd)
  })

  it('keeps its last megabyte, and shows the end of it', async () => {
    await bash('seq 300000', inBackground)
    const text = await output({ task_id: 'bash_5' })
    expect(text).toMatch(/^\[\d+ bytes before this are cut/)
    expect(text).toContain('\n300000\n')
    expect(text.length).toBeLessThan(31_000)
  })

  it('is not waited for any longer once the wait is aborted', async () => {
    await bash('sleep 60', inBackground)
    const controller = new AbortController()
    const waiting = call('TaskOutput', { task_id: 'bash_6' }, controller.signal)
    controller.abort()
    expect(await waiting).toMatchObject({ isError: true })
    expect(tasks.get('bash_6').status).toBe('running')
  })

  it('must be there', async () => {
    for (const [name, input] of [
      ['TaskOutput', { task_id: 'bash_99' }],
      ['KillShell', { shell_id: '1' }],
    ] as const)
      expect(await call(name, input)).toMatchObject({ isError: true, text: expect.stringMatching('there are: bash_1') })
    expect(await call('TaskOutput', { task_id: 'bash_1', timeout: 1e9 })).toMatchObject({ isError: true })
    expect(await call('TaskOutput', {})).toMatchObject({ isError: true })
  })
})

describe('tasks', () => {
  const never = () => ({ ended: new Promise<never>(() => {}), kill() {} })

  it('are twenty at a time', () => {
    const tasks = createBackgroundTasks()
    for (let n = 0; n < 20; n++) tasks.start('bash', never)
    expect(() => tasks.start('bash', never)).toThrow(/^20 tasks are running.*bash_1, bash_2/)
  })

  it('are forgotten when they ended long ago', async () => {
    const tasks = createBackgroundTasks()
    for (let n = 0; n < 60; n++)
      await tasks.start('task', () => ({ ...never(), ended: Promise.resolve({ outcome: '' }) })).ended
    expect(() => tasks.get('task_5')).toThrow('There is no task')
    expect(tasks.get('task_60').status).toBe('completed')
  })

  it('fail with what their work threw', async () => {
    const tasks = createBackgroundTasks()
    const failing = tasks.start('task', (output) => {
      output.push(Buffer.from('so far'))
      return { ...never(), ended: Promise.reject(new Error('no more')) }
    })
    await failing.ended
    const tools = toolset([taskOutputTool(tasks)])
    const call = { type: 'tool_use', id: 'a', name: 'TaskOutput', input: { task_id: 'task_1' } } as const
    expect((await tools.call(call)).content).toBe('so far\n[task_1: failed. no more]')
  })

  it('are all stopped by close, after which nothing starts', async () => {
    const { cwd } = commandTools()
    const list = codingTools({ cwd, bash: { killAfterMs: 100 } })
    const tools = toolset(list)
    const bash = (input: object) => tools.call({ type: 'tool_use', id: 'a', name: 'Bash', input })
    await bash({ command: 'echo $$ > a; sleep 60', run_in_background: true })
    await bash({ command: `trap '' TERM; echo $$ > b; while :; do sleep 0.05; done`, run_in_background: true })
    const ids = await idsIn(join(cwd, 'a'), join(cwd, 'b'))
    await list.close()
    expect(ids.map(isRunning)).toEqual([false, false])
    await list[Symbol.asyncDispose]()
    expect(await bash({ command: 'touch c', run_in_background: true })).toMatchObject({ is_error: true })
    expect(existsSync(join(cwd, 'c'))).toBe(false)
  })
})
