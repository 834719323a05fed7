import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { programArgs } from '../../../test/processes.ts'
import { workFolder } from '../../../test/work-folder.ts'

it('fails a search, not the whole process, where too many files are open', async () => {
  const { cwd } = workFolder()
  const program = `
    import { closeSync, openSync } from 'node:fs'
    import { ripgrepFinder, runRipgrep } from ${JSON.stringify(new URL('ripgrep.ts', import.meta.url).href)}
    import { createRoots } from ${JSON.stringify(new URL('../files/roots.ts', import.meta.url).href)}
    const program = await ripgrepFinder(createRoots({ cwd: '.' }))()
    const { signal } = new AbortController()
    const search = () =>
      runRipgrep({ program, args: ['x'], cwd: '.', signal }, { delimiter: '\\n', take: () => true })
    const files = []
    try {
      for (;;) files.push(openSync('/dev/null'))
    } catch {}
    const { message } = await search().catch((error) => error)
    for (const file of files) closeSync(file)
    await search()
    console.log(message)`
  const child = spawn('/bin/sh', ['-c', 'ulimit -n 128; exec "$@"', 'sh', process.execPath, ...programArgs(program)], {
    cwd,
  })
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  expect({ out, err }).toEqual({ out: 'The search program cannot be started: spawn /bin/sh EMFILE\n', err: '' })
}, 30_000)
