import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { workFolder } from '../../../test/work-folder.ts'
import { codingTools, createFileAccess } from '../index.ts'

const bytes = (text: string) => new Uint8Array(Buffer.from(text))

function folder() {
  const made = workFolder()
  const { read, write } = createFileAccess({ cwd: made.cwd, exclude: ['**/.env'] })
  return { ...made, access: { read: async (path: string) => (await read(path))?.toString() ?? null, write } }
}

it('gives a file other content, with its mode, and makes the folders of one that is gone', async () => {
  const { cwd, write, access } = folder()
  const path = write('a', 'new')
  chmodSync(path, 0o750)
  await access.write(path, bytes('old'), bytes('new'))
  expect(await access.read(path)).toBe('old')
  expect(statSync(path).mode & 0o777).toBe(0o750)
  const gone = join(cwd, 'x/y/b')
  expect(await access.read(gone)).toBe(null)
  await access.write(gone, bytes(''), null)
  expect(readFileSync(gone, 'utf8')).toBe('')
})

it('removes a file, and is content where there is none', async () => {
  const { write, access } = folder()
  const path = write('a', 'new')
  await access.write(path, null, bytes('new'))
  expect(existsSync(path)).toBe(false)
  await access.write(path, null, null)
})

it('leaves what is not what was expected', async () => {
  const { cwd, write, access } = folder()
  const path = write('a', 'theirs')
  const missing = join(cwd, 'b')
  for (const content of [bytes('old'), null]) {
    for (const expected of [bytes('new'), null]) {
      await expect(access.write(path, content, expected)).rejects.toThrow('changed by somebody else')
    }
    await expect(access.write(missing, content, bytes('new'))).rejects.toThrow('changed by somebody else')
  }
  expect(readFileSync(path, 'utf8')).toBe('theirs')
})

it('touches nothing outside of the folders, nothing that is excluded, and nothing behind a link', async () => {
  const { top, cwd, write, access } = folder()
  writeFileSync(join(top, 'out'), 'theirs')
  mkdirSync(join(cwd, 'sub'))
  symlinkSync(top, join(cwd, 'link'))
  symlinkSync(write('sub/b', 'theirs'), join(cwd, 'c'))
  const paths = [join(top, 'out'), join(cwd, '../out'), join(cwd, 'link/out'), write('.env', 'theirs'), join(cwd, 'c')]
  for (const path of paths) {
    await expect(access.read(path)).rejects.toThrow()
    for (const content of [bytes('ours'), null]) {
      await expect(access.write(path, content, bytes('theirs'))).rejects.toThrow()
    }
  }
  expect(readFileSync(join(top, 'out'), 'utf8')).toBe('theirs')
  rmSync(join(cwd, 'link'))
})

it('removes nothing that is marked read-only, nor a folder', async () => {
  const { cwd, write, access } = folder()
  const path = write('a', 'new')
  chmodSync(path, 0o444)
  await expect(access.write(path, null, bytes('new'))).rejects.toThrow('read-only')
  mkdirSync(join(cwd, 'sub'))
  await expect(access.write(join(cwd, 'sub'), null, bytes('new'))).rejects.toThrow('folder')
})

it('comes with the coding tools, which then see that the file is another', async () => {
  const { cwd, write } = workFolder()
  const tools = codingTools({ cwd })
  const call = (name: string, input: object) =>
    tools.find((tool) => tool.name === name)!.run!(input, {
      signal: new AbortController().signal,
      checkpoint: async () => {},
    } as never)
  const path = write('a', 'old')
  await call('Read', { file_path: 'a' })
  await call('Write', { file_path: 'a', content: 'new' })
  await tools.fileAccess.write(path, bytes('old'), bytes('new'))
  await expect(call('Write', { file_path: 'a', content: 'newer' })).rejects.toThrow('use Read again')
})
