import { execFileSync } from 'node:child_process'
import { appendFile, mkdir, mkdtemp, realpath, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Toolset, toolset } from '../toolset.ts'
import { codingTools } from './index.ts'

let top: string
let cwd: string
let tools: Toolset

beforeEach(async () => {
  top = await realpath(await mkdtemp(join(tmpdir(), 'enjamb-tools-')))
  cwd = join(top, 'work')
  await mkdir(cwd)
  tools = toolset(codingTools({ cwd }))
})
afterEach(() => rm(top, { recursive: true, force: true }))

async function call(name: string, input: object, signal?: AbortSignal) {
  const block = { type: 'tool_use' as const, id: 'toolu_1', name, input }
  const result = await tools.call(block, signal ? { signal } : {})
  const { content } = result
  return { isError: result.is_error === true, text: typeof content === 'string' ? content : '', content }
}

describe('Read', () => {
  it('shows lines with their numbers, from anywhere, and says where it stopped', async () => {
    await writeFile(join(cwd, 'a.txt'), 'one\r\ntwo\nthree\nfour')
    expect((await call('Read', { file_path: 'a.txt' })).text).toBe(
      '     1\tone\n     2\ttwo\n     3\tthree\n     4\tfour',
    )
    expect((await call('Read', { file_path: join(cwd, 'a.txt'), offset: 2, limit: 2 })).text).toBe(
      '     2\ttwo\n     3\tthree\n[There is more: go on with offset 4.]',
    )
    expect((await call('Read', { file_path: 'a.txt', offset: 9 })).text).toBe('[The file has fewer than 9 lines.]')
  })

  it('says that a file is empty, a byte order mark counting for nothing', async () => {
    await writeFile(join(cwd, 'empty'), '')
    await writeFile(join(cwd, 'bom'), '\ufeffa\n')
    expect((await call('Read', { file_path: 'empty' })).text).toBe('[The file is empty.]')
    expect((await call('Read', { file_path: 'bom' })).text).toBe('     1\ta')
  })

  it('reads the start of a huge file without the rest, and cuts a huge line', async () => {
    await writeFile(join(cwd, 'huge'), 'x'.repeat(5_000))
    for (let n = 0; n < 4; n++) await appendFile(join(cwd, 'huge'), `${'y'.repeat(1_000_000)}\nz\n`)
    const { text } = await call('Read', { file_path: 'huge', limit: 2 })
    expect(text.length).toBeLessThan(3_000)
    expect(text).toContain('[line cut: it has 1005000 characters]')
    expect(text).toContain('     2\tz')
  })

  it('keeps characters whole that lie across its pieces', async () => {
    const line = `${'x'.repeat(65_535)}ü`
    await writeFile(join(cwd, 'long'), `${line}\nlast ü\n`)
    expect((await call('Read', { file_path: 'long', offset: 2 })).text).toBe('     2\tlast ü')
  })

  it('shows images and documents as what they are', async () => {
    await writeFile(join(cwd, 'a.PNG'), 'png')
    await writeFile(join(cwd, 'a.pdf'), 'pdf')
    expect((await call('Read', { file_path: 'a.PNG' })).content).toEqual([
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'cG5n' } },
    ])
    expect((await call('Read', { file_path: 'a.pdf' })).content).toMatchObject([{ type: 'document' }])
  })

  it('refuses what is no readable file, with advice', async () => {
    await writeFile(join(cwd, 'data.bin'), Uint8Array.of(1, 0, 2))
    await writeFile(join(cwd, 'config.yaml'), 'a')
    execFileSync('mkfifo', [join(cwd, 'pipe')])
    const cases = {
      'data.bin': 'binary',
      '.': 'use Glob',
      pipe: 'no regular file',
      'config.yml': 'Beside it there is: config.yaml',
      'a\0b': 'NUL',
    }
    for (const [file_path, reason] of Object.entries(cases)) {
      const result = await call('Read', { file_path })
      expect(result, file_path).toMatchObject({ isError: true, text: expect.stringContaining(reason) })
    }
    for (const input of [{}, { file_path: 'config.yaml', offset: 0 }, { file_path: 7 }]) {
      expect((await call('Read', input)).isError).toBe(true)
    }
  })

  it('finds no way out of its folder', async () => {
    await writeFile(join(top, 'secret'), 'secret')
    await mkdir(join(top, 'work-too'))
    await writeFile(join(top, 'work-too', 'a'), 'secret')
    await symlink(join(top, 'secret'), join(cwd, 'link'))
    await symlink(top, join(cwd, 'up'))
    await symlink('link', join(cwd, 'link-to-link'))
    for (const file_path of [
      '../secret',
      join(top, 'secret'),
      'link',
      'link-to-link',
      'up/secret',
      'a/../../secret',
      '../work-too/a',
      '/proc/self/cwd/package.json',
      '/etc/passwd',
      '//etc/passwd',
    ]) {
      const result = await call('Read', { file_path })
      expect(result, file_path).toMatchObject({ isError: true, text: expect.stringContaining('outside the folders') })
    }
  })

  it('goes through links that stay inside, and into added folders', async () => {
    await mkdir(join(top, 'more'))
    await writeFile(join(top, 'more', 'a'), 'added')
    await writeFile(join(cwd, 'b'), 'inside')
    await symlink(join(cwd, 'b'), join(cwd, 'link'))
    tools = toolset(codingTools({ cwd, additionalDirectories: [join(top, 'more')] }))
    expect((await call('Read', { file_path: 'link' })).text).toContain('inside')
    expect((await call('Read', { file_path: '../more/a' })).text).toContain('added')
  })
})

describe('Glob', () => {
  const touch = async (path: string, seconds: number) => {
    await mkdir(join(cwd, path, '..'), { recursive: true })
    await writeFile(join(cwd, path), path)
    await utimes(join(cwd, path), seconds, seconds)
  }

  it('lists absolute paths, the latest changed first', async () => {
    await touch('src/old.ts', 1_000)
    await touch('new.ts', 3_000)
    await touch('src/deep/mid.ts', 2_000)
    await touch('other.md', 4_000)
    const list = (...names: string[]) => names.map((name) => join(cwd, name)).join('\n')
    expect((await call('Glob', { pattern: '**/*.ts' })).text).toBe(list('new.ts', 'src/deep/mid.ts', 'src/old.ts'))
    expect((await call('Glob', { pattern: '*.ts', path: 'src' })).text).toBe(list('src/old.ts'))
    expect((await call('Glob', { pattern: '*.none' })).text).toContain('No file matches')
  })

  it('leaves out what .gitignore names, at every level, and what is never looked for', async () => {
    await writeFile(join(cwd, '.gitignore'), 'dist/\n*.log\n!keep.log\n')
    for (const path of [
      'a.ts',
      'dist/b.ts',
      'x.log',
      'keep.log',
      'node_modules/p/c.ts',
      '.git/d.ts',
      'sub/e.ts',
      'sub/f.tmp',
    ])
      await touch(path, 1_000)
    await writeFile(join(cwd, 'sub', '.gitignore'), '*.tmp\n')
    const { text } = await call('Glob', { pattern: '**/*' })
    expect(
      text
        .split('\n')
        .map((path) => path.slice(cwd.length + 1))
        .sort(),
    ).toEqual(['.gitignore', 'a.ts', 'keep.log', 'sub/.gitignore', 'sub/e.ts'])
  })

  it('shows a thousand, and counts the rest', async () => {
    for (let n = 0; n < 1_003; n++) await writeFile(join(cwd, `${n}.txt`), '')
    const lines = (await call('Glob', { pattern: '*' })).text.split('\n')
    expect(lines).toHaveLength(1_001)
    expect(lines.at(-1)).toBe('[3 more: use a narrower pattern.]')
  })

  it('stays inside, and does not run in circles', async () => {
    await writeFile(join(top, 'secret'), 'secret')
    await symlink(top, join(cwd, 'up'))
    await symlink(cwd, join(cwd, 'loop'))
    await touch('a.ts', 1_000)
    for (const pattern of ['../*', '**/../../*', '{..,.}/*', '/etc/*'])
      expect((await call('Glob', { pattern })).isError, pattern).toBe(true)
    expect(await call('Glob', { pattern: '*', path: '..' })).toMatchObject({ isError: true })
    expect((await call('Glob', { pattern: '**/*' })).text).not.toContain('secret')
  })
})
