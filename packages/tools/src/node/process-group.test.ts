import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commandTools } from '../../test/command-tools.ts'
import { idsIn, isRunning, until } from '../../test/processes.ts'

describe.concurrent('this process', () => {
  const script = (body: string) => `
    import { bashTool, createBackgroundTasks } from '${new URL('./index.ts', import.meta.url)}'
    const tasks = createBackgroundTasks()
    const tool = bashTool({ cwd: process.cwd() }, tasks)
    const context = { signal: new AbortController().signal, toolUseId: 'a', turn: 0, progress() {} }
    ${body}`

  const run = async (cwd: string, body: string) => {
    const loader = ['--import', import.meta.resolve('tsx'), '--conditions', '@enjamb/source']
    const child = spawn(process.execPath, [...loader, '--input-type=module', '-e', script(body)], {
      cwd,
      stdio: 'pipe',
    })
    let text = ''
    child.stdout.on('data', (chunk) => {
      text += chunk
    })
    child.stderr.on('data', (chunk) => {
      text += chunk
    })
    return { child, closed: once(child, 'close').then(([code, signal]) => ({ code, signal, text })) }
  }
  const background = `await tool.run({ command: 'echo $$ > a; sleep 60', run_in_background: true }, context)`

  it('ends although something runs in the background, and takes it along', async () => {
    const { cwd } = commandTools()
    const { closed } = await run(cwd, background)
    expect(await closed).toMatchObject({ code: 0, text: '' })
    if (existsSync(join(cwd, 'a'))) await until(() => !isRunning(Number(readFileSync(join(cwd, 'a'), 'utf8'))))
  })

  it('dies of a signal as before, and takes along what runs', async () => {
    const { cwd } = commandTools()
    const { child, closed } = await run(cwd, `${background}; setInterval(() => {}, 1000)`)
    const [id] = await idsIn(join(cwd, 'a'))
    child.kill('SIGINT')
    expect(await closed).toMatchObject({ code: null, signal: 'SIGINT' })
    await until(() => !isRunning(id!))
  })

  it('is kept alive by a call that it waits for', async () => {
    const { cwd } = commandTools()
    const { closed } = await run(cwd, `console.log(await tool.run({ command: 'sleep 0.3; echo done' }, context))`)
    expect(await closed).toMatchObject({ code: 0, text: 'done\n' })
  })
})
