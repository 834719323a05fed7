import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, linkSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { workFolder } from '../../../../test/work-folder.ts'

const isRoot = process.getuid?.() === 0
const nobody = 65_534

/** A folder in which nothing can be made, with a file in it that may be written; for this process, until the test ends. */
function closedFolder() {
  const folder = workFolder()
  const path = folder.write('closed/a', 'one\n')
  if (isRoot) {
    chmodSync(folder.top, 0o755)
    chownSync(path, nobody, nobody)
    process.seteuid!(nobody)
    onTestFinished(() => void process.seteuid!(0))
  } else {
    chmodSync(join(folder.cwd, 'closed'), 0o555)
    onTestFinished(() => void chmodSync(join(folder.cwd, 'closed'), 0o755))
  }
  return { ...folder, path }
}

const note = 'It was written in place, since no other file can take its place.'

describe.runIf(process.platform !== 'win32')('a file in a folder in which nothing can be made', () => {
  it('is written in place, and the model is told', async () => {
    const { cwd, path, call } = closedFolder()
    const before = statSync(path)
    await call('Read', { file_path: 'closed/a' })
    const edited = await call('Edit', { file_path: 'closed/a', old_string: 'one', new_string: 'one and more' })
    expect(edited).toMatchObject({ isError: false, text: `Replaced in closed/a, line 1. ${note}` })
    expect(readFileSync(path, 'utf8')).toBe('one and more\n')
    const written = await call('Write', { file_path: 'closed/a', content: '1\n' })
    expect(written).toMatchObject({ isError: false, text: `Replaced ${path}. ${note}` })
    expect(readFileSync(path, 'utf8')).toBe('1\n')
    expect(statSync(path)).toMatchObject({ ino: before.ino, uid: before.uid, mode: before.mode })
    expect(readdirSync(join(cwd, 'closed'))).toEqual(['a'])
  })

  it('is left alone where a link elsewhere shares it, and where nothing is there yet', async () => {
    const { cwd, write, call } = workFolder()
    const path = write('closed/a', 'one\n')
    linkSync(path, join(cwd, 'other'))
    chmodSync(join(cwd, 'closed'), 0o555)
    if (isRoot) {
      chmodSync(join(cwd, '..'), 0o755)
      chownSync(path, nobody, nobody)
      process.seteuid!(nobody)
      onTestFinished(() => void process.seteuid!(0))
    }
    await call('Read', { file_path: 'closed/a' })
    for (const file_path of ['closed/a', 'closed/new']) {
      expect(await call('Write', { file_path, content: 'x' })).toMatchObject({
        isError: true,
        text: expect.stringContaining(`${file_path} cannot be written (EACCES).`),
      })
    }
    expect(readFileSync(path, 'utf8')).toBe('one\n')
  })
})

/** May this process mount a file over another, as container runtimes do? */
function canMount(): boolean {
  const { cwd, write } = workFolder()
  const [from, to] = [write('from'), write('to')]
  const { status } = spawnSync('mount', ['--bind', from, to], { cwd })
  if (status === 0) execFileSync('umount', [to])
  return status === 0
}

it.runIf(isRoot && canMount())('a file that is mounted into a container is written in place', async () => {
  const { top, cwd, write, call } = workFolder()
  const [outside, inside] = [write('../outside', 'one\n'), write('a', '')]
  execFileSync('mount', ['--bind', outside, inside])
  onTestFinished(() => void execFileSync('umount', [inside]))
  await call('Read', { file_path: 'a' })
  const { isError, text } = await call('Edit', { file_path: 'a', old_string: 'one', new_string: 'two' })
  expect({ isError, text }).toEqual({ isError: false, text: `Replaced in a, line 1. ${note}` })
  expect(readFileSync(join(top, 'outside'), 'utf8')).toBe('two\n')
  expect(readdirSync(cwd)).toEqual(['a'])
})
