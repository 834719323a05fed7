import { mkdirSync, symlinkSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, it } from 'vitest'
import { workFolder } from '../../../test/work-folder.ts'
import { createFileAccess } from '../index.ts'

async function list(cwd: string, exclude: string[] = []) {
  const files = (await createFileAccess({ cwd, exclude }).list!())!
  return new Map([...files].map(([path, stamp]) => [relative(cwd, path), stamp]))
}

it('lists the files that no rule leaves out, through no link', async () => {
  const { cwd, write } = workFolder()
  for (const folder of ['.git', 'node_modules/x', 'dist/deep', 'src/kept', '.hidden']) {
    mkdirSync(join(cwd, folder), { recursive: true })
  }
  for (const name of [
    '.git/HEAD',
    'node_modules/x/i.js',
    'dist/deep/a.js',
    'src/a.ts',
    'src/a.log',
    '.env',
    '.hidden/b',
  ]) {
    write(name, 'content')
  }
  write('.gitignore', 'dist/\n*.log\n')
  write('src/kept/.gitignore', '!*.log\n')
  write('src/kept/b.log', 'b')
  symlinkSync('src/a.ts', join(cwd, 'link'))
  symlinkSync(cwd, join(cwd, 'loop'))
  const names = [...(await list(cwd, ['**/.env'])).keys()]
  expect(names.sort()).toEqual(['.gitignore', '.hidden/b', 'src/a.ts', 'src/kept/.gitignore', 'src/kept/b.log'])
})

it('gives a file another version when it changes, also to content of the same size', async () => {
  const { cwd, write } = workFolder()
  write('a', 'one')
  write('b', 'same')
  const before = await list(cwd)
  write('a', 'two')
  const after = await list(cwd)
  expect(after.get('a')).toMatchObject({ sizeBytes: 3, createdAt: expect.any(Date) })
  expect(after.get('a')!.version).not.toBe(before.get('a')!.version)
  expect(after.get('b')).toEqual(before.get('b'))
})

it('stops when it is told to', async () => {
  const { cwd, write } = workFolder()
  write('a', 'one')
  const reason = new Error('Enough.')
  await expect(createFileAccess({ cwd }).list!(AbortSignal.abort(reason))).rejects.toBe(reason)
})
