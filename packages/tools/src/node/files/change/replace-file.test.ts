import { Buffer } from 'node:buffer'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { programArgs, until } from '../../../../test/processes.ts'
import { workFolder } from '../../../../test/work-folder.ts'
import { createRoots } from '../../index.ts'
import { openFolder } from '../open-folder.ts'
import { replaceFile } from './replace-file.ts'

const { top, cwd, write } = workFolder()
const roots = createRoots({ cwd })
const never = new AbortController().signal
const names = () => readdirSync(cwd).sort()

it('does not overwrite what somebody else wrote after the content was made', async () => {
  const path = write('a', 'theirs')
  const before = { stats: await stat(path), fingerprint: 'what it was' }
  const replacement = { path, named: 'a', content: Buffer.from('ours'), before }
  await expect(replaceFile(roots, replacement, never)).rejects.toThrow('changed by somebody else just now')
  rmSync(path)
  await expect(replaceFile(roots, replacement, never)).rejects.toThrow('changed by somebody else just now')
  mkdirSync(path)
  await expect(replaceFile(roots, replacement, never)).rejects.toThrow('changed by somebody else just now')
  rmSync(path, { recursive: true })
  expect(names()).toEqual([])
})

it('does not overwrite what somebody else made where nothing was', async () => {
  const path = write('a', 'theirs')
  const replacement = { path, named: 'a', content: Buffer.from('ours'), before: undefined }
  await expect(replaceFile(roots, replacement, never)).rejects.toThrow('changed by somebody else just now')
  expect(readFileSync(path, 'utf8')).toBe('theirs')
  rmSync(path)
  symlinkSync(join(top, 'outside'), path)
  await expect(replaceFile(roots, replacement, never)).rejects.toThrow('changed by somebody else just now')
  rmSync(path)
  expect(names()).toEqual([])
  expect(readdirSync(top)).toEqual(['work'])
})

// Starts Node with a loader, which takes its time on a busy machine.
it('leaves the old or the new content when the process is killed, and removes later what it left beside it', {
  timeout: 30_000,
}, async () => {
  const { cwd, write, call } = workFolder()
  const sizes = [0, 5_000_000]
  const path = write('a', '')
  const program = `
    import { writeTool, readTool, createFileState } from ${JSON.stringify(join(import.meta.dirname, '../../index.ts'))}
    const options = { cwd: ${JSON.stringify(cwd)}, files: createFileState() }
    const call = (tool, input) => tool.run(input, { signal: new AbortController().signal, checkpoint() {} })
    await call(readTool(options), { file_path: 'a' })
    process.stdout.write('ready')
    for (let n = 0; ; n++) await call(writeTool(options), { file_path: 'a', content: 'x'.repeat(n % 2 ? 0 : 5_000_000) })`
  const names = () => readdirSync(cwd)
  for (let n = 0; n < 10 && names().length < 2; n++) {
    write('a', '')
    const child = spawn(process.execPath, programArgs(program), { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    await until(() => names().length > 1)
    child.kill('SIGKILL')
    await once(child, 'close')
    expect(sizes).toContain(readFileSync(path).length)
  }
  const [left] = names().filter((name) => name !== 'a')
  expect(left).toMatch(/^\.enjamb-.{12}\.tmp$/)
  const others = ['.enjamb-mine.tmp', '.enjamb-0123456789ab.tmp/a', 'a.tmp']
  for (const name of others) write(name, '', 1_000)
  const fresh = write('.enjamb-abcdefghijkl.tmp')
  utimesSync(join(cwd, left!), 1_000, 1_000)
  await call('Write', { file_path: 'b', content: '' })
  expect(existsSync(join(cwd, left!))).toBe(false)
  for (const path of [fresh, ...others.map((name) => join(cwd, name))]) expect(existsSync(path), path).toBe(true)
})

it('gives up when it is aborted, with the reason', async () => {
  const replacement = { path: join(cwd, 'a'), named: 'a', content: Buffer.from('ours'), before: undefined }
  await expect(replaceFile(roots, replacement, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
  expect(names()).toEqual([])
})

it.runIf(process.platform === 'linux')('holds a folder fast, whatever takes its place', async () => {
  mkdirSync(join(top, 'elsewhere'))
  const folder = await openFolder(roots, join(cwd, 'one', 'two'), 'one/two/a')
  renameSync(join(cwd, 'one'), join(cwd, 'moved'))
  symlinkSync(join(top, 'elsewhere'), join(cwd, 'one'))
  writeFileSync(folder.at('a'), 'here')
  await folder.close()
  expect(readFileSync(join(cwd, 'moved', 'two', 'a'), 'utf8')).toBe('here')
  await expect(openFolder(roots, join(cwd, 'one', 'two'), 'one/two/a')).rejects.toThrow('no folder')
  expect(readdirSync(join(top, 'elsewhere'))).toEqual([])
})

it('does its work on systems without /proc, too', async () => {
  const platform = vi.spyOn(process, 'platform', 'get').mockReturnValue('freebsd')
  onTestFinished(() => platform.mockRestore())
  const { top, cwd } = workFolder()
  const roots = createRoots({ cwd })
  const replacement = { named: 'a', content: Buffer.from('ours'), before: undefined }
  await replaceFile(roots, { ...replacement, path: join(cwd, 'one', 'two', 'a') }, never)
  expect(readFileSync(join(cwd, 'one', 'two', 'a'), 'utf8')).toBe('ours')
  mkdirSync(join(top, 'elsewhere'))
  symlinkSync(join(top, 'elsewhere'), join(cwd, 'link'))
  await expect(replaceFile(roots, { ...replacement, path: join(cwd, 'link', 'a') }, never)).rejects.toThrow('no folder')
  await expect(replaceFile(roots, { ...replacement, path: join(top, 'a') }, never)).rejects.toThrow('outside')
  expect(readdirSync(join(top, 'elsewhere'))).toEqual([])
})

it('takes nothing but a name for a name', async () => {
  const folder = await openFolder(roots, cwd, 'a')
  for (const name of ['', '.', '..', '../a', 'a/b', '/etc']) expect(() => folder.at(name)).toThrow('no file name')
  await folder.close()
})

it('notices that the working folder was replaced', async () => {
  const { top, cwd } = workFolder()
  const roots = createRoots({ cwd })
  mkdirSync(join(top, 'other'))
  renameSync(cwd, join(top, 'moved'))
  symlinkSync(join(top, 'other'), cwd)
  await expect(openFolder(roots, join(cwd, 'sub'), 'sub/a')).rejects.toThrow()
  expect(readdirSync(join(top, 'other'))).toEqual([])
})
