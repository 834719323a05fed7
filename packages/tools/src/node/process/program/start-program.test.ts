import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseNDJSON } from '@enjamb/core'
import { expect, it } from 'vitest'
import { idsIn, isRunning, programArgs, until } from '../../../../test/processes.ts'
import { workFolder } from '../../../../test/work-folder.ts'
import { startProgram } from './start-program.ts'

const env = { PATH: process.env.PATH ?? '' }
// Ignores SIGTERM, and leaves a daemon that does.
const deaf = `trap '' TERM; echo $$ > a; (setsid sh -c 'trap "" TERM; echo $$ > b; while :; do sleep 0.05; done' &); echo '{"n":1}'; while :; do sleep 0.05; done`

it('a program gets its input, its arguments as they are, and no other environment', async () => {
  const script = 'cat; printf "%s" "$1"; env | sort | cut -d= -f1 | tr "\\n" " " >&2; exit 3'
  const program = startProgram({ command: '/bin/sh', args: ['-c', script, 'sh', 'a b"$HOME'], env, input: '"in"\n' })
  let errors = ''
  program.stderr.on('data', (chunk) => {
    errors += chunk
  })
  expect(await new Response(program.stdout).text()).toBe('"in"\na b"$HOME')
  expect(await program.ended).toMatchObject({ exitCode: 3, signal: null, leftRunning: false })
  expect(
    errors
      .trim()
      .split(' ')
      .filter((name) => !/^(_|PWD|SHLVL|OLDPWD)$/.test(name)),
  ).toEqual(['ENJAMB_COMMAND', 'PATH'])
})

it('a program that prints much waits until that is read, and none of it is lost', async () => {
  const program = startProgram({ command: '/bin/sh', args: ['-c', 'seq 200000'], env })
  await new Promise((resolve) => setTimeout(resolve, 20))
  let last: unknown
  let lines = 0
  for await (const value of parseNDJSON(program.stdout)) {
    last = value
    lines++
    if (lines % 50_000 === 0) await new Promise((resolve) => setTimeout(resolve, 1))
  }
  expect([lines, last]).toEqual([200_000, 200_000])
  await program.ended
})

it('a program that is killed ends with all that it started', async () => {
  const { cwd } = workFolder()
  const program = startProgram({ command: '/bin/sh', args: ['-c', deaf], env, cwd, killAfterMs: 100 })
  const ids = await idsIn(join(cwd, 'a'), join(cwd, 'b'))
  program.kill()
  await program.stdout.cancel()
  expect(await program.ended).toMatchObject({ signal: 'SIGKILL' })
  expect(ids.map(isRunning)).toEqual([false, false])
})

it('a program that is not there is an error', async () => {
  const program = startProgram({ command: 'no-such-program', env })
  await expect(program.ended).rejects.toMatchObject({ code: 'ENOENT' })
  expect(await new Response(program.stdout).text()).toBe('')
})

it.skipIf(process.platform === 'win32')(
  'a program ends, and its files go, when Node is killed with SIGKILL',
  async () => {
    const { cwd, write } = workFolder()
    const file = write('secret', 'x')
    const started = JSON.stringify({ command: '/bin/sh', args: ['-c', deaf], env, cwd, files: [file] })
    const source = `
    import { startProgram } from ${JSON.stringify(join(import.meta.dirname, 'start-program.ts'))}
    startProgram(${started})`
    const node = spawn(process.execPath, programArgs(source), {
      cwd: join(import.meta.dirname, '../../../..'),
      stdio: 'inherit',
    })
    const ids = await idsIn(join(cwd, 'a'), join(cwd, 'b'))
    expect(existsSync(file)).toBe(true)
    node.kill('SIGKILL')
    await until(() => !ids.some(isRunning) && !existsSync(file))
  },
)
