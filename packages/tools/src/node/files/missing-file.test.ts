import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { workFolder } from '../../../test/work-folder.ts'
import { missingFile } from './missing-file.ts'
import { createRoots } from './roots.ts'

it('tells no names from a folder that a link, put in its place meanwhile, leads to', async () => {
  const { top, cwd } = workFolder()
  mkdirSync(join(top, 'outside'))
  writeFileSync(join(top, 'outside', 'secret.txt'), '')
  symlinkSync(join(top, 'outside'), join(cwd, 'sub'))
  const { message } = await missingFile(createRoots({ cwd }), join(cwd, 'sub', 'secre.txt'), 'sub/secre.txt')
  expect(message).toContain('sub/secre.txt does not exist')
  expect(message).not.toContain('secret')
})

it('spells a name out that only looks like the one that was named', async () => {
  const { cwd, write, call } = workFolder()
  write('Screenshot at 1.22.33\u202fPM.png')
  write('Ame\u0301lie.txt')
  expect((await call('Read', { file_path: 'Screenshot at 1.22.33 PM.png' })).text).toContain(
    'Did you mean "Screenshot at 1.22.33\\u202fPM.png", which only looks the same?',
  )
  const { message } = await missingFile(createRoots({ cwd }), join(cwd, 'Am\u00e9lie.txt'), 'Am\u00e9lie.txt')
  expect(message).toContain('"Ame\\u0301lie.txt", which only looks the same')
})

it('lets everything else have its turn among thousands of long names', async () => {
  const { cwd, write } = workFolder()
  const names = 1_000
  for (let n = 0; n < names; n++) write(`${'a'.repeat(240)}${n}`)
  let turns = 0
  let other: NodeJS.Immediate
  const turn = () => {
    turns++
    other = setImmediate(turn)
  }
  turn()
  const { message } = await missingFile(createRoots({ cwd }), join(cwd, `${'b'.repeat(240)}`), 'b')
  clearImmediate(other!)
  expect(message).toContain('Glob shows what there is')
  expect(turns).toBeGreaterThanOrEqual(names / 200)
})
