import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import { allowsCommand } from './command.ts'

// What shells read something into, and a program that must not run.
const pieces = [
  ...[
    'evil',
    ' evil',
    'echo ',
    'a',
    'x=',
    '~',
    '..',
    '*',
    '[',
    ']',
    '?',
    '!',
    '=',
    ',',
    '#',
    ' ',
    '\t',
    '\r',
    '\n',
    '\v',
  ],
  ...[';', '&', '|', '&&', '||', '(', ')', '{', '}', '<', '>', '$', '`', '"', "'", '\\', '\u00a0', '\u0001'],
]

it('that is allowed runs nothing else in a real shell', { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'enjamb-command-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const [bin, cwd, marker] = [join(folder, 'bin'), join(folder, 'work'), join(folder, 'marker')]
  for (const path of [bin, cwd]) mkdirSync(path)
  writeFileSync(join(bin, 'evil'), `#!/bin/sh\n: > '${marker}'\n`)
  chmodSync(join(bin, 'evil'), 0o755)
  const shells = ['/bin/sh', '/bin/bash'].filter((shell) => existsSync(shell))
  let run = 0
  const text = fc.array(fc.constantFrom(...pieces), { minLength: 2, maxLength: 10 })
  fc.assert(
    fc.property(text, (parts) => {
      const command = `echo ${parts.join('')}`
      if (!command.includes('evil') || !allowsCommand(['echo:*'], command)) return
      run++
      for (const shell of shells) spawnSync(shell, ['-c', command], { cwd, env: { PATH: bin }, input: '' })
      expect([existsSync(marker), readdirSync(cwd)]).toEqual([false, []])
    }),
    { numRuns: 6_000 },
  )
  expect(run).toBeGreaterThan(50)
})
