import { execFileSync, spawn } from 'node:child_process'
import { linkSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError } from '@enjamb/core'
import { describe, expect, it } from 'vitest'
import { workFolder } from '../../../test/work-folder.ts'
import { codingTools, createRoots, resolvePath } from '../index.ts'
import { openFile } from './open-file.ts'
import { refuseOddNames } from './resolve-path.ts'

/** A folder with a secret beside it, and every kind of link in it. */
function withSecret() {
  const folder = workFolder()
  const { top, cwd } = folder
  writeFileSync(join(top, 'secret'), 'TOP SECRET')
  mkdirSync(join(top, 'work-too'))
  writeFileSync(join(top, 'work-too', 'a'), 'TOP SECRET')
  mkdirSync(join(cwd, 'sub'))
  symlinkSync(join(top, 'secret'), join(cwd, 'link'))
  symlinkSync('../secret', join(cwd, 'relative-link'))
  symlinkSync('relative-link', join(cwd, 'link-to-link'))
  symlinkSync(top, join(cwd, 'up'))
  symlinkSync('/', join(cwd, 'root'))
  symlinkSync('/proc/self/cwd', join(cwd, 'process'))
  symlinkSync('sub', join(cwd, 'down'))
  symlinkSync(join(top, 'not-yet'), join(cwd, 'dangling'))
  symlinkSync('circle', join(cwd, 'circle'))
  symlinkSync('../secret/below', join(cwd, 'through'))
  return folder
}

const { top, cwd } = withSecret()
const roots = createRoots({ cwd })

describe('ways out', () => {
  it.each([
    '../secret',
    '..',
    '/',
    join(top, 'secret'),
    `${cwd}/../secret`,
    `${cwd}-too/a`,
    '../work-too/a',
    'sub/../../secret',
    'missing/../../secret',
    'missing/deeper/../../../secret',
    './/..//secret',
    '../work/../secret',
    'link',
    'relative-link',
    'link-to-link',
    'link/',
    'up/secret',
    'up',
    'down/../up/secret',
    'up/new/file',
    'root/etc/passwd',
    'process/package.json',
    '/proc/self/cwd/package.json',
    `/proc/${process.pid}/cwd/package.json`,
    '/proc/self/root/etc/passwd',
    '/proc/self/environ',
    '/dev/fd/0',
    '/etc/passwd',
    '//etc/passwd',
    '/ETC/passwd',
    '/etc/ssl/private/no-one-knows/whether-this-is-there',
  ])('refuses %s and says which folders there are', async (path) => {
    await expect(resolvePath(roots, path)).rejects.toThrow(`is outside the folders that may be used: ${cwd}`)
  })

  it.each([
    ['a\0b', 'NUL'],
    ['\0', 'NUL'],
    ['../secret\0.txt', 'NUL'],
    ['dangling', 'leads nowhere'],
    ['dangling/new', 'leads nowhere'],
    ['through', 'leads nowhere'],
    ['through/new', 'leads nowhere'],
    ['circle', 'circle of symbolic links'],
    ['circle/a', 'circle of symbolic links'],
    ['x'.repeat(5_000), 'too long'],
  ])('refuses %j', async (path, reason) => {
    await expect(resolvePath(roots, path)).rejects.toThrow(reason)
  })

  it('takes names as they are written: no ~, no variable, no URL, no percent sign leads anywhere', async () => {
    for (const name of [
      '~',
      '~root/.profile',
      '$HOME',
      'file:/etc/passwd',
      '%2e%2e/secret',
      '..%2fsecret',
      '．．/secret',
      '..\\secret',
    ]) {
      expect(await resolvePath(roots, name)).toBe(join(cwd, name))
    }
  })

  it('is not held up by a long way that is not there', async () => {
    const long = 'a/'.repeat(1_900)
    expect(await resolvePath(roots, `${long}b`)).toBe(join(cwd, long, 'b'))
  })

  it('finds its way back in', async () => {
    for (const path of [
      'up/work/sub',
      'down',
      `${top}/work-too/../work/sub`,
      `root${join(cwd, 'sub')}`,
      './sub/',
      'sub/.',
    ])
      expect(await resolvePath(roots, path), path).toBe(join(cwd, 'sub'))
    expect(await resolvePath(roots, 'down/new/file')).toBe(join(cwd, 'sub', 'new', 'file'))
    expect(await resolvePath(roots, '.')).toBe(cwd)
  })

  it.runIf(process.platform === 'linux')('does not take another case for the same folder', async () => {
    await expect(resolvePath(roots, `${cwd.toUpperCase()}/sub`)).rejects.toThrow('outside')
  })

  it('sees a hard link as the file that it is', async () => {
    linkSync(join(top, 'secret'), join(cwd, 'hard'))
    expect(await resolvePath(roots, 'hard')).toBe(join(cwd, 'hard'))
  })

  it('refuses devices and streams by their names on Windows', () => {
    const bad = [
      '\\\\?\\C:\\x',
      '//./pipe/x',
      '\\\\.\\C:',
      'a.txt:hidden',
      'C:x',
      'C:\\a\\b:$DATA',
      'NUL',
      'a/con',
      'aux.txt',
      'lpt1 .log',
      'COM¹',
      'nul/x',
      'nul:',
    ]
    for (const name of bad) expect(() => refuseOddNames(name, 'win32'), name).toThrow('device or a stream')
    const good = ['C:\\a\\b.txt', 'c:/a', '\\\\server\\share\\a', 'console.ts', 'a/null', 'com', 'auxiliary/x', '..']
    for (const name of good) expect(() => refuseOddNames(name, 'win32'), name).not.toThrow()
    expect(() => refuseOddNames('aux:1', 'linux')).not.toThrow()
  })
})

describe('folders that change during a run', () => {
  it('keeps to the folders as they were when the tools were made', async () => {
    const { top, cwd } = withSecret()
    const roots = createRoots({ cwd })
    renameSync(cwd, join(top, 'moved'))
    symlinkSync(top, cwd)
    await expect(resolvePath(roots, 'secret')).rejects.toThrow('outside')
  })

  it('never gives what is outside while a folder is swapped for a link all the time', async () => {
    const { cwd, write } = withSecret()
    const roots = createRoots({ cwd })
    write('swap/secret', 'harmless')
    const race = `while :; do mv swap aside; ln -s .. swap; rm swap; mv aside swap; done`

    const racer = spawn('sh', ['-c', race], { cwd, stdio: 'ignore' })
    const outcomes = { read: 0, refused: 0 }
    try {
      const end = performance.now() + 1_000
      while (performance.now() < end) {
        try {
          const { handle } = await openFile(roots, 'swap/secret')
          const text = await handle.readFile('utf8').finally(() => handle.close())
          expect(text).toBe('harmless')
          outcomes.read++
        } catch (error) {
          if ((error as Error).name === 'AssertionError') throw error
          outcomes.refused++
        }
      }
    } finally {
      racer.kill('SIGKILL')
      await new Promise((resolve) => racer.once('close', resolve))
    }

    expect(outcomes.refused).toBeGreaterThan(0)
  })
})

describe('createRoots', () => {
  it('takes added folders, relative to the first, and links to folders', async () => {
    const { top, cwd } = withSecret()
    symlinkSync(join(top, 'work-too'), join(top, 'alias'))
    const roots = createRoots({ cwd, additionalDirectories: ['../alias'] })
    expect(roots.folders).toEqual([cwd, join(top, 'work-too')])
    expect(await resolvePath(roots, '../work-too/a')).toBe(join(top, 'work-too', 'a'))
    expect(await resolvePath(roots, join(top, 'alias', 'a'))).toBe(join(top, 'work-too', 'a'))
    await expect(resolvePath(roots, '../secret')).rejects.toThrow(`${cwd}, ${join(top, 'work-too')}`)
  })

  it('refuses what is not a folder', () => {
    const { top, cwd } = withSecret()
    for (const options of [
      { cwd: '' },
      { cwd: join(top, 'missing') },
      { cwd: join(top, 'secret') },
      { cwd, additionalDirectories: [''] },
      { cwd, additionalDirectories: ['nothing'] },
    ])
      expect(() => codingTools(options)).toThrow(ConfigError)
  })
})

describe('openFile', () => {
  it('waits for no pipe, and opens neither devices nor folders', async () => {
    const { cwd } = withSecret()
    execFileSync('mkfifo', [join(cwd, 'pipe')])
    const roots = createRoots({ cwd, additionalDirectories: ['/dev'] })
    await expect(openFile(roots, 'pipe')).rejects.toThrow('not a regular file')
    await expect(openFile(roots, '/dev/zero')).rejects.toThrow('not a regular file')
    await expect(openFile(roots, 'sub')).rejects.toThrow('use Glob')
    rmSync(join(cwd, 'pipe'))
  })
})
