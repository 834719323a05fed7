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
