import { chmodSync, existsSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commandTools } from '../../../test/command-tools.ts'
import { idsIn, isRunning, until } from '../../../test/processes.ts'
import { workFolder } from '../../../test/work-folder.ts'
import type { BashOptions } from './bash-options.ts'
import { findShell } from './shell-process.ts'

describe('the shell', () => {
  it('is the first bash on the way, but none from a folder where the tools write', () => {
    const [inside, outside] = [workFolder(), workFolder()]
    for (const { write } of [inside, outside]) chmodSync(write('bin/bash', '#!/bin/sh'), 0o755)
    symlinkSync(inside.cwd, join(outside.cwd, 'link'))
    const path = (...folders: string[]) => folders.join(':')
    const [own, other] = [join(inside.cwd, 'bin'), join(outside.cwd, 'bin')]
    expect(findShell([inside.cwd], path('bin', own, join(outside.cwd, 'link/bin'), other))).toBe(join(other, 'bash'))
    expect(findShell([inside.cwd], own)).not.toContain(inside.cwd)
    expect(findShell(['/'], path(own, other))).toBe('/bin/sh')
  })
})

describe.concurrent('the processes of a command', () => {
  /** With a script in the folder that ignores SIGTERM, and writes its id into the file named. */
  const withDeaf = (options?: BashOptions) => {
    const tools = commandTools(options)
    tools.write('deaf', 'trap "" TERM\necho $$ > $1\nwhile :; do sleep 0.05; done')
    return tools
  }

  it('are all gone after a timeout, those that ignore SIGTERM too', async () => {
    const { bash, cwd } = withDeaf()
    expect(await bash('sh deaf a & (sh deaf b &); sh -c "sh deaf c; true"', { timeout: 1_000 })).toContain(
      'Stopped after',
    )
    for (const id of await idsIn(join(cwd, 'a'), join(cwd, 'b'), join(cwd, 'c'))) expect(isRunning(id)).toBe(false)
  })

  it('are all gone after an abort, which does not wait for them', async () => {
    const { call, cwd } = withDeaf()
    const controller = new AbortController()
    const called = call('Bash', { command: 'sh deaf a & sh deaf b' }, controller.signal)
    const ids = await idsIn(join(cwd, 'a'), join(cwd, 'b'))
    controller.abort()
    expect(await called).toMatchObject({ isError: true, text: expect.stringMatching(/^Interrupted/) })
    await until(() => !ids.some(isRunning))
  })

  it('get SIGTERM first, to end in good order', async () => {
    const { bash, cwd } = commandTools({ killAfterMs: 5_000 })
    await bash(`trap 'echo saved > state; exit' TERM; sleep 60 & wait`, { timeout: 500 })
    expect(readFileSync(join(cwd, 'state'), 'utf8')).toBe('saved\n')
  })

  it('are stopped when the shell ends before them, and the model is told', async () => {
    const { bash, cwd } = withDeaf()
    expect(await bash('sh deaf a & echo started; until [ -s a ]; do sleep 0.01; done')).toBe(
      'started\n[What it left running was stopped: use run_in_background for that.]',
    )
    const [id] = await idsIn(join(cwd, 'a'))
    expect(isRunning(id!)).toBe(false)
  })

  it('may take a moment to end after the shell', async () => {
    const { bash } = commandTools()
    expect(await bash('echo last > >(cat)')).toBe('last')
  })

  it.runIf(process.platform === 'linux')('are found where they left the group', async () => {
    const { call, cwd } = withDeaf()
    const controller = new AbortController()
    const called = call('Bash', { command: 'setsid sh deaf a' }, controller.signal)
    const [id] = await idsIn(join(cwd, 'a'))
    controller.abort()
    await called
    await until(() => !isRunning(id!))
  })

  it.runIf(process.platform === 'linux')(
    'are found where they are daemons, unless the command ended well',
    async () => {
      const daemon = (file: string) => `(setsid sh deaf ${file} > ${file}.out 2>&1 &)`
      const { bash, call, cwd } = withDeaf()
      const ended = async (...files: string[]) => {
        const ids = await idsIn(...files.map((file) => join(cwd, file)))
        return ids.map((id) => !isRunning(id))
      }
      const ready = 'until [ -s a ]; do sleep 0.01; done'
      expect(await bash(`${daemon('a')}; ${ready}`)).toBe('[No output.]')
      expect(await ended('a')).toEqual([false])
      process.kill((await idsIn(join(cwd, 'a')))[0]!, 'SIGKILL')

      expect(await bash(`${daemon('b')}; set -m; sh deaf c & sleep 60`, { timeout: 1_000 })).toContain('Stopped after')
      expect(await ended('b', 'c')).toEqual([true, true])

      await bash(`${daemon('d')}; sleep 60`, { run_in_background: true })
      await ended('d')
      await call('KillShell', { shell_id: 'bash_1' })
      expect(await ended('d')).toEqual([true])
    },
  )

  it('are not started when the call is aborted already', async () => {
    const { call, cwd } = commandTools()
    await call('Bash', { command: 'touch a' }, AbortSignal.abort())
    expect(existsSync(join(cwd, 'a'))).toBe(false)
  })

  it('are not waited for where they cannot be found and print on', async () => {
    const { bash, cwd, write } = commandTools()
    write('prints', 'echo $$ > pid\nwhile :; do echo x; sleep 0.05; done')
    const text = await bash('(setsid sh prints &); until [ -s pid ]; do sleep 0.01; done; sleep 0.1')
    expect(text).toMatch(/^x\n/)
    const [id] = await idsIn(join(cwd, 'pid'))
    // The pipe is closed, so that the next line was its last one.
    await until(() => !isRunning(id!))
  })
})
