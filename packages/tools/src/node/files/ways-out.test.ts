import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { workFolder } from '../../../test/work-folder.ts'

const secret = JSON.stringify({ cells: [{ cell_type: 'code', source: 'TOP SECRET' }], nbformat: 4 })

/** A folder with a secret beside it, and links to it from within. */
function withSecret() {
  const folder = workFolder()
  const { top, cwd } = folder
  mkdirSync(join(top, 'outside'))
  mkdirSync(join(cwd, 'sub'))
  writeFileSync(join(top, 'outside', 'secret.ipynb'), secret)
  mkdirSync(`${cwd}-too`)
  writeFileSync(join(`${cwd}-too`, 'secret.ipynb'), secret)
  symlinkSync(join(top, 'outside'), join(cwd, 'link'))
  symlinkSync('../outside/secret.ipynb', join(cwd, 'file-link'))
  symlinkSync('file-link', join(cwd, 'link-to-link'))
  symlinkSync('/', join(cwd, 'root'))
  symlinkSync(`/proc/${process.pid}/cwd`, join(cwd, 'process'))
  return folder
}

const { top, cwd, call } = withSecret()
const names = () => [top, cwd, join(top, 'outside'), join(cwd, 'sub')].map((folder) => readdirSync(folder).sort())
const before = names()

const tools: [name: string, input: (path: string) => object][] = [
  ['Read', (file_path) => ({ file_path })],
  ['Write', (file_path) => ({ file_path, content: 'x' })],
  ['Edit', (file_path) => ({ file_path, old_string: 'TOP', new_string: 'x' })],
  ['NotebookEdit', (notebook_path) => ({ notebook_path, cell_number: 1, new_source: 'x' })],
  ['Grep', (path) => ({ path, pattern: 'TOP', output_mode: 'content' })],
  ['Glob', (path) => ({ path, pattern: '**' })],
]
const ways = [
  '../outside/secret.ipynb',
  '../outside',
  '..',
  '/',
  join(top, 'outside', 'secret.ipynb'),
  `${cwd}/../outside/secret.ipynb`,
  `${cwd}-too/secret.ipynb`,
  'sub/../../outside/secret.ipynb',
  'missing/../../outside/secret.ipynb',
  './/..//outside//secret.ipynb',
  'link/secret.ipynb',
  'link/../link/secret.ipynb',
  'link',
  'link/new/file',
  'file-link',
  'file-link/',
  'link-to-link',
  `root${top}/outside/secret.ipynb`,
  'root/etc/passwd',
  'process/package.json',
  '/proc/self/cwd/package.json',
  '/proc/self/root/etc/passwd',
  '/proc/self/environ',
  '/proc/self/fd/0',
  '/dev/stdin',
  '/dev/fd/0',
  '/dev/zero',
  '/etc/passwd',
  '//etc/passwd',
  'secret.ipynb\0',
  '../outside/secret.ipynb\0.txt',
  'file:///etc/passwd/',
  '..\\outside\\secret.ipynb/',
  '~/',
  `${cwd.toUpperCase()}/../outside/`,
]

describe.each(tools)('%s', (name, input) => {
  it.each(ways)('does not go out by %j', async (way) => {
    const { isError, text } = await call(name, input(way))
    expect(text).not.toContain('SECRET')
    expect(text).not.toContain('root:')
    expect(isError, text).toBe(true)
  })
})

it('leaves everything as it was', () => {
  expect(names()).toEqual(before)
  expect(readFileSync(join(top, 'outside', 'secret.ipynb'), 'utf8')).toBe(secret)
})

it('edits nothing outside while a folder is swapped for a link to a copy of it all the time', async () => {
  const { top, cwd, call, write } = withSecret()
  write('swap/a', 'x0')
  cpSync(join(cwd, 'swap'), join(top, 'copy'), { recursive: true })
  await call('Read', { file_path: 'swap/a' })
  const race = 'while :; do mv swap aside; ln -s ../copy swap; rm swap; mv aside swap; done'
  const racer = spawn('sh', ['-c', race], { cwd, stdio: 'ignore' })
  let refused = 0
  let n = 0
  try {
    for (const end = performance.now() + 1_000; performance.now() < end; ) {
      const edit = { file_path: 'swap/a', old_string: `x${n}`, new_string: `x${n + 1}` }
      const { isError } = await call('Edit', edit)
      if (isError) refused++
      else n++
    }
  } finally {
    racer.kill('SIGKILL')
    await new Promise((resolve) => racer.once('close', resolve))
  }
  expect(readFileSync(join(top, 'copy', 'a'), 'utf8')).toBe('x0')
  expect(readdirSync(join(top, 'copy'))).toEqual(['a'])
  expect(refused).toBeGreaterThan(0)
})
