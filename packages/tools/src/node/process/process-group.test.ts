import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { idsIn, isRunning, programArgs, until } from '../../../test/processes.ts'
import { workFolder } from '../../../test/work-folder.ts'

const source = (name: string) => JSON.stringify(new URL(name, import.meta.url).href)
const prelude = `
  import { closeSync, existsSync, openSync } from 'node:fs'
  import { keepAlive } from ${source('keep-alive.ts')}
  import { createOutputTail } from ${source('output-tail.ts')}
  import { startShell, toScript } from ${source('../bash/shell-process.ts')}
  const settings = { shell: '/bin/sh', cwd: process.cwd(), env: process.env, killAfterMs: 2000 }
  const start = (command) => startShell({ ...settings, script: toScript(command), output: createOutputTail(1000) })
`

/** Runs a program in a process of its own, in a new folder, after the shell has run `first`. */
function run(program: string, first = ':') {
  const { cwd } = workFolder()
  const child = spawn(
    '/bin/sh',
    ['-c', `${first}; exec "$@"`, 'sh', process.execPath, ...programArgs(prelude + program)],
    { cwd, stdio: 'pipe' },
  )
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      text += chunk
    })
  }
  return { cwd, child, closed: once(child, 'close').then(([code, signal]) => ({ code, signal, text })) }
}

// Each starts Node with a loader, which takes its time on a busy machine.
describe.concurrent('a process that runs commands', { timeout: 30_000 }, () => {
  it('ends although one is at work that nobody waits for, and takes it along', async () => {
    const { cwd, closed } = run(`start('echo $$ > a; exec sleep 60')`)
    expect(await closed).toMatchObject({ code: 0, text: '' })
    const path = join(cwd, 'a')
    const id = existsSync(path) && Number(readFileSync(path, 'utf8'))
    if (id) await until(() => !isRunning(id))
  })

  it.each(['SIGINT', 'SIGQUIT', 'SIGUSR2', 'SIGALRM'] as const)(
    'dies of %s as before, and takes along what runs',
    async (signal) => {
      const { cwd, child, closed } = run(`start('echo $$ > a; exec sleep 60'); setInterval(() => {}, 1000)`)
      const [id] = await idsIn(join(cwd, 'a'))
      child.kill(signal)
      expect(await closed).toMatchObject({ code: null, signal })
      await until(() => !isRunning(id!))
    },
  )

  it('dies of a signal although the package signal-exit listens as well, whose listeners are called', async () => {
    const { cwd, child, closed } = run(`
      // As signal-exit 4.1 does it.
      const emitter = { count: 1 }
      Object.defineProperty(globalThis, Symbol.for('signal-exit emitter'), { value: emitter })
      const theirs = () => {
        if (process.listeners('SIGINT').length !== emitter.count) return
        process.off('SIGINT', theirs)
        console.log('theirs')
        process.kill(process.pid, 'SIGINT')
      }
      process.on('SIGINT', theirs)
      start('echo $$ > a; exec sleep 60')
      setInterval(() => {}, 1000)`)
    const [id] = await idsIn(join(cwd, 'a'))
    child.kill('SIGINT')
    expect(await closed).toMatchObject({ signal: 'SIGINT', text: 'theirs\n' })
    await until(() => !isRunning(id!))
  })

  it('takes along what runs when an error that nobody catches ends it', async () => {
    const { cwd, closed } = run(`
      start('echo $$ > a; exec sleep 60')
      const wait = setInterval(() => {
        if (existsSync('a')) throw new Error('nobody catches it')
      }, 5)`)
    const [id] = await idsIn(join(cwd, 'a'))
    expect(await closed).toMatchObject({ code: 1, text: expect.stringContaining('nobody catches it') })
    await until(() => !isRunning(id!))
  })

  it.runIf(process.platform === 'linux')('takes daemons of what runs along, too', async () => {
    const { cwd, child, closed } = run(`
      start("(setsid sh -c 'echo $$ > a; exec sleep 60' &) > /dev/null 2>&1; sleep 60")
      setInterval(() => {}, 1000)`)
    const [id] = await idsIn(join(cwd, 'a'))
    child.kill('SIGTERM')
    await closed
    await until(() => !isRunning(id!))
  })

  it('leaves it to others who listen to a signal what becomes of it', async () => {
    const { cwd, child, closed } = run(`
      process.on('SIGINT', () => process.exit(7))
      start('echo $$ > a; exec sleep 60')
      setInterval(() => {}, 1000)`)
    const [id] = await idsIn(join(cwd, 'a'))
    child.kill('SIGINT')
    expect(await closed).toMatchObject({ code: 7 })
    await until(() => !isRunning(id!))
  })

  it('goes on where too many files are open for a command to start', async () => {
    const { closed } = run(
      `
      const files = []
      try {
        for (;;) files.push(openSync('/dev/null'))
      } catch {}
      const failed = await start('true').ended.catch((error) => error)
      for (const file of files) closeSync(file)
      console.log(failed.code, (await keepAlive(start('exit 3').ended)).exitCode)`,
      'ulimit -n 128',
    )
    expect(await closed).toMatchObject({ code: 0, text: 'EMFILE 3\n' })
  })

  it('is kept alive by one that it waits for', async () => {
    const { closed } = run(`await keepAlive(start('sleep 0.2').ended); console.log('done')`)
    expect(await closed).toMatchObject({ code: 0, text: 'done\n' })
  })

  it('is not kept by one that was killed and ignores it', async () => {
    const { cwd, closed } = run(`
      const shell = start('trap "" TERM; echo $$ > a; while :; do sleep 0.05; done')
      const wait = setInterval(() => {
        if (!existsSync('a')) return
        clearInterval(wait)
        shell.kill()
        const start = performance.now()
        process.on('exit', () => console.log(performance.now() - start < settings.killAfterMs ? 'before' : 'after'))
      }, 5)`)
    expect(await closed).toMatchObject({ code: 0, text: 'before\n' })
    const [id] = await idsIn(join(cwd, 'a'))
    await until(() => !isRunning(id!))
  })
})
