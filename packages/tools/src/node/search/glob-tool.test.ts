import { execFileSync, spawnSync } from 'node:child_process'
import { linkSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { workFolder } from '../../../test/work-folder.ts'
import { parseGlobPattern } from './glob-pattern.ts'

const hasGit = spawnSync('git', ['--version']).status === 0

function tree(...names: string[]) {
  const folder = workFolder()
  for (const name of names) folder.write(name, '', 1_000)
  return {
    ...folder,
    /** The names found, below `cwd` and sorted. */
    async find(pattern: string, path?: string) {
      const { text, isError } = await folder.call('Glob', { pattern, ...(path && { path }) })
      if (isError) throw new Error(text)
      const lines = text.split('\n').filter((line) => !line.startsWith('['))
      return lines.map((line) => (line.startsWith(folder.cwd) ? line.slice(folder.cwd.length + 1) : line)).sort()
    },
  }
}

describe('what is found', () => {
  it('comes as absolute paths, the latest changed first, then by name', async () => {
    const { cwd, write, call } = tree()
    write('src/old.ts', '', 1_000)
    write('new.ts', '', 3_000)
    write('src/b.ts', '', 2_000)
    write('src/a.ts', '', 2_000)
    write('other.md', '', 4_000)
    const paths = ['new.ts', 'src/a.ts', 'src/b.ts', 'src/old.ts'].map((name) => join(cwd, name))
    expect(await call('Glob', { pattern: '**/*.ts' })).toMatchObject({ isError: false, text: paths.join('\n') })
  })

  it('is what the pattern says', async () => {
    const { cwd, find } = tree(
      'a.ts',
      'b.js',
      '.env',
      'src/a.ts',
      'src/deep/c.ts',
      'src/deep/.d/e.ts',
      'A.TS',
      '.github/x.yml',
    )
    expect(await find('*.ts')).toEqual(['a.ts'])
    expect(await find('**')).toHaveLength(8)
    expect(await find('**/*.ts')).toEqual(['a.ts', 'src/a.ts', 'src/deep/.d/e.ts', 'src/deep/c.ts'])
    expect(await find('*.{ts,js}')).toEqual(['a.ts', 'b.js'])
    expect(await find('src/*.ts')).toEqual(['src/a.ts'])
    expect(await find('./src//deep/*')).toEqual(['src/deep/c.ts'])
    expect(await find('*.ts', 'src')).toEqual(['src/a.ts'])
    expect(await find('deep/c.ts', join(cwd, 'src'))).toEqual(['src/deep/c.ts'])
    expect(await find(`${cwd}/src/**/c.*`)).toEqual(['src/deep/c.ts'])
    expect(await find('src/../*.js')).toEqual(['b.js'])
    expect(await find('../*.js', 'src')).toEqual(['b.js'])
    expect(await find('?.[tj]s')).toEqual(['a.ts', 'b.js'])
    expect(await find('[!b].?s')).toEqual(['a.ts'])
    expect(await find('{src/,}{a,b}.{ts,js}')).toEqual(['a.ts', 'b.js', 'src/a.ts'])
    expect(await find('src/{deep/{c,x},a}.ts')).toEqual(['src/a.ts', 'src/deep/c.ts'])
    expect(await find('{,/src/./}*.ts')).toEqual(['a.ts', 'src/a.ts'])
    expect(await find('.e*')).toEqual(['.env'])
    expect(await find('.github/*')).toEqual(['.github/x.yml'])
    expect(await find('src')).toEqual([])
  })

  it('can be in folders whose names look like patterns', async () => {
    const names = [
      'app/(auth)/page.tsx',
      'app/[slug]/page.tsx',
      'app/@modal/page.tsx',
      'pages/[id].tsx',
      'a (copy).txt',
      'x+y/z',
      '{b}/c',
      '!c/d',
    ]
    const { find } = tree(...names)
    expect(await find('app/(auth)/*.tsx')).toEqual(['app/(auth)/page.tsx'])
    expect(await find('**/(auth)/*')).toEqual(['app/(auth)/page.tsx'])
    expect(await find('app/[slug]/*.tsx')).toEqual(['app/[slug]/page.tsx'])
    expect(await find('**/[id].tsx')).toEqual(['pages/[id].tsx'])
    expect(await find('app/@modal/*')).toEqual(['app/@modal/page.tsx'])
    expect(await find('* (copy).txt')).toEqual(['a (copy).txt'])
    expect(await find('x+y/*')).toEqual(['x+y/z'])
    expect(await find('*[x]+y/*')).toEqual(['x+y/z'])
    expect(await find('{!,}c/*')).toEqual(['!c/d'])
    expect(await find('*', '{b}')).toEqual(['{b}/c'])
    expect(await find('*', 'app/[slug]')).toEqual(['app/[slug]/page.tsx'])
  })

  it('is counted beyond a thousand', async () => {
    const { call, write } = tree()
    for (let n = 0; n < 1_003; n++) write(`${n}.txt`)
    const lines = (await call('Glob', { pattern: '*' })).text.split('\n')
    expect(lines).toHaveLength(1_001)
    expect(lines.at(-1)).toBe('[3 more: use a narrower pattern.]')
  })

  it('is a line each, even where a name has a line break', async () => {
    const { call, cwd } = tree('a\n/etc/passwd')
    expect((await call('Glob', { pattern: '*/*/*' })).text).toBe(JSON.stringify(join(cwd, 'a\n/etc/passwd')))
  })

  it('is said to be nothing, where it is', async () => {
    const { call, cwd } = tree()
    expect(await call('Glob', { pattern: '*.none' })).toMatchObject({
      isError: false,
      text: `[No file matches *.none in ${cwd}.]`,
    })
  })
})

describe('what is left out', () => {
  it('is .git and node_modules, at any depth, unless they are searched themselves', async () => {
    const { find } = tree('a', '.git/config', 'node_modules/p/a', 'sub/node_modules/q/b', 'sub/.git')
    expect(await find('**')).toEqual(['a'])
    expect(await find('node_modules/p/*')).toEqual(['node_modules/p/a'])
    expect(await find('**', 'sub/node_modules')).toEqual(['sub/node_modules/q/b'])
  })

  it('is what rules above leave out of a folder, unless that is all there is in the folder named', async () => {
    const { cwd, find, write, call } = tree('scripts/a.js', 'scripts/deep/b.js', 'scripts/deep/c.tmp', 'lib/a.js')
    write('.gitignore', 'scripts/*\nlib/*.js\n')
    write('scripts/deep/.gitignore', '*.tmp\n')
    expect(await find('**/*.js')).toEqual([])
    expect(await find('**/*.js', 'scripts')).toEqual(['scripts/a.js', 'scripts/deep/b.js'])
    expect(await find('scripts/**')).toEqual(['scripts/a.js', 'scripts/deep/.gitignore', 'scripts/deep/b.js'])
    expect((await call('Glob', { pattern: '**/*.js' })).text).toBe(
      `[No file matches **/*.js in ${cwd}. 3 files that would are left out by .gitignore: to search there, name the folder in path.]`,
    )
    const { text } = await call('Glob', { pattern: '*.tmp', path: 'scripts/deep' })
    expect(text).toContain('1 file that would is left out by .gitignore')
  })

  it('is still there for a search in it', async () => {
    const { find, write } = tree('dist/a.js', 'dist/deep/b.js', 'dist/deep/b.log')
    write('.gitignore', 'dist/\n*.log\n')
    write('dist/deep/.gitignore', '*.log\n')
    expect(await find('**/*.js')).toEqual([])
    expect(await find('**', 'dist')).toEqual(['dist/a.js', 'dist/deep/.gitignore', 'dist/deep/b.js'])
  })

  it.runIf(hasGit)('is what git leaves out', async () => {
    const files = [
      'a.log',
      'keep.log',
      'b/a.log',
      'b/keep.log',
      'build/x',
      'b/build/x',
      'sub/build/x',
      'sub/build/y.o',
      'sub/a.tmp',
      'sub/deep/a.tmp',
      'sub/deep/only.txt',
      'only.txt',
      'doc/a.txt',
      'doc/in/a.txt',
      '#hash',
      '!bang',
      'space ',
      'we[ird]*/x.tmp',
      'we[ird]*/y',
      'case.LOG',
      'foo/bar',
      'x/foo/bar',
      'ex/a',
      'ex/keep',
      'üml/ä.tmp',
    ]
    const { cwd, find, write } = tree(...files)
    write(
      '.gitignore',
      '\ufeff# comment\r\n*.log\r\n!keep.log\nbuild/\n\\#hash\n\\!bang\ndoc/*.txt\nfoo/bar\nex/*\n!ex/keep\nspace\\ \n  \n',
    )
    write('b/.gitignore', '!a.log\n/keep.log\n')
    write('sub/.gitignore', '!build/\n*.o\n*.tmp\n/only.txt\n')
    write('sub/deep/.gitignore', '!*.tmp\nonly.txt\n')
    write('we[ird]*/.gitignore', '*.tmp\n')
    write('üml/.gitignore', 'ä*\n')
    execFileSync('git', ['init', '-q', '.'], { cwd })
    const listed = execFileSync('git', ['ls-files', '-coz', '--exclude-standard'], { cwd, encoding: 'utf8' })
    const expected = listed.split('\0').filter(Boolean).sort()
    expect(expected.length).toBeGreaterThan(15)
    expect(await find('**')).toEqual(expected)
    expect(await find('**', 'sub/deep')).toEqual(expected.filter((name) => name.startsWith('sub/deep/')))
  })

  it('is ruled by the whole repository, even where only a part of it can be used', async () => {
    const { top, find, write } = tree('a.log', 'a.ts')
    mkdirSync(join(top, '.git'))
    writeFileSync(join(top, '.gitignore'), '*.log\n')
    expect(await find('**')).toEqual(['a.ts'])
    rmSync(join(top, '.git'), { recursive: true })
    expect(await find('**')).toEqual(['a.log', 'a.ts'])
    write('.gitignore/not-a-file', '')
    expect(await find('*.ts')).toEqual(['a.ts'])
  })

  it('cannot be made to take for ever, nor waited for', async () => {
    const { cwd, find, write } = tree(`${'a'.repeat(250)}`, 'x.log')
    write('.gitignore', `${'*a'.repeat(40)}b\n*.log\n`)
    mkdirSync(join(cwd, 'sub'))
    write('sub/y', '')
    execFileSync('mkfifo', [join(cwd, 'sub', '.gitignore')])
    symlinkSync('/dev/zero', write('z/z').replace(/z$/, '.gitignore'))
    expect(await find('**/[a-y]*')).toEqual(['a'.repeat(250), 'sub/y'])
  })
})

describe('a list of very many rules', () => {
  const rules = Array.from({ length: 150_000 }, (_, n) => `x${n.toString(36)}`)

  it('counts as far as its first 5,000, for Grep, too', async () => {
    const { cwd, find, write, call } = tree('a.ts', 'b.ts', 'sub/c.ts')
    write('.gitignore', ['b.ts', ...rules, 'a.ts'].join('\n'))
    expect(await find('**/*.ts')).toEqual(['a.ts', 'sub/c.ts'])
    write('a.ts', 'needle')
    write('b.ts', 'needle')
    expect((await call('Grep', { pattern: 'needle' })).text).toBe(join(cwd, 'a.ts'))
  })

  it('of each folder is read in a turn of its own, so that everything else goes on', async () => {
    const { find, write } = tree()
    const folders = 60
    for (let n = 0; n < folders; n++) {
      write(`${n}/.gitignore`, rules.slice(300 * n, 300 * (n + 1)).join('\n'))
      write(`${n}/a.ts`)
    }
    let turns = 0
    let other: NodeJS.Immediate
    const turn = () => {
      turns++
      other = setImmediate(turn)
    }
    turn()
    expect(await find('**/*.ts')).toHaveLength(folders)
    clearImmediate(other!)
    expect(turns).toBeGreaterThan(folders)
  })
})

describe('hostile input', () => {
  it.each(['[a]+'.repeat(9), '{a,aa}+'.repeat(6), '\\\\(a|aa)+', '*a*a*a', '{a*,*a}a*a'])(
    'is matched in time, however often it nearly fits: %j',
    async (pattern) => {
      const { find } = tree(...Array.from({ length: 20 }, (_, n) => 'a'.repeat(200 + n)))
      expect(await find(`${pattern}[b]`)).toEqual([])
    },
  )

  const { top, cwd, call, write } = tree('a.ts', 'sub/b.ts')
  writeFileSync(join(top, 'secret.ts'), 'secret')
  symlinkSync(top, join(cwd, 'up'))
  symlinkSync(cwd, join(cwd, 'loop'))
  symlinkSync('..', join(cwd, 'sub', 'parent'))
  symlinkSync(join(top, 'secret.ts'), join(cwd, 'link.ts'))
  linkSync(join(cwd, 'a.ts'), join(cwd, 'hard.ts'))

  it.each([
    '../*',
    '../**',
    '..',
    'b*/',
    '{src/,x}',
    '../secret.ts',
    '**/../../*',
    '*/../../*',
    'sub/../../*',
    'up/*',
    'up/**',
    'loop/up/*',
    '{..,.}/*',
    '{sub,../..}/*',
    '{sub/..,x}/../*',
    '\\.\\./*',
    '.\\./*',
    '*/\\../*',
    '/etc/*',
    '/**',
    '/*',
    '/etc/passwd',
    '/proc/self/cwd/*',
    '//etc/*',
    '!a.ts',
    '!**',
    '!../*',
    '@(..|sub)/*',
    '+(a|b)',
    'a\0/*',
    'sub/',
    '{a,aa}{a,aa}{a,aa}{a,aa}{a,aa}{a,aa}{a,aa}',
    '{a,b}{/,}..{/,}*',
    '{.,}{.,}/*',
  ])('%j is refused', async (pattern) => {
    const { isError, text } = await call('Glob', { pattern })
    expect(text).not.toContain(join(top, 'secret.ts'))
    expect(isError, text).toBe(true)
  })

  it.each([
    '[.][.]/*',
    '?(.)./*',
    '[.].{/,}*',
    '..*/*',
    '(..)/*',
    '?./*',
    '**/(..)/../a',
    '.?/secret.ts',
    '{/etc,}/passwd',
    '{!,}secret.ts',
    '....//*',
    'sub/parent/../../*',
    '**/a\0',
    '**/',
    '*a*a*a*a*a*a*a',
    '**/a/**/a/**/a/**/a/**',
    '{x/,*a*a*a}{x/,*a*a*a}b',
  ])('%j finds nothing outside', async (pattern) => {
    expect((await call('Glob', { pattern })).text).not.toContain(join(top, 'secret.ts'))
  })

  it('lists regular files alone', async () => {
    const { cwd, find } = tree('a')
    execFileSync('mkfifo', [join(cwd, 'pipe')])
    const server = createServer().listen(join(cwd, 'socket'))
    onTestFinished(() => void server.close())
    expect(await find('*')).toEqual(['a'])
  })

  it('follows no links, and so runs in no circles', async () => {
    const { text } = await call('Glob', { pattern: '**' })
    expect(text.split('\n').sort()).toEqual(['a.ts', 'hard.ts', 'sub/b.ts'].map((name) => join(cwd, name)))
  })

  it.each(['..', '/', 'up', top, '/etc', 'a\0', 'missing', 'a.ts', 'up/.'])('the path %j is refused', async (path) => {
    expect(await call('Glob', { pattern: '*', path })).toMatchObject({ isError: true })
  })

  it('is not led elsewhere by backslashes in the name of a folder', async () => {
    write('..\\..\\x/evil.ts')
    const { text } = await call('Glob', { pattern: '*', path: '..\\..\\x' })
    expect(text).toBe(join(cwd, '..\\..\\x', 'evil.ts'))
    expect((await call('Glob', { pattern: '*/evil.ts' })).text).not.toContain('secret')
  })

  it('that does not fit is refused', async () => {
    for (const input of [
      {},
      { pattern: '' },
      { pattern: 5 },
      { pattern: '*', path: 5 },
      { pattern: 'x'.repeat(2_000) },
    ])
      expect(await call('Glob', input)).toMatchObject({ isError: true })
  })
})

it('understands backslashes on Windows', () => {
  expect(parseGlobPattern('src\\**\\*.ts', 'win32')).toMatchObject({ folder: 'src', wider: ['/**/*.ts'] })
  expect(() => parseGlobPattern('*\\..\\..\\x', 'win32')).toThrow('upwards')
})

it('searches no further once it is aborted', async () => {
  const { call } = tree('a')
  expect(await call('Glob', { pattern: '**' }, AbortSignal.abort())).toMatchObject({ isError: true })
})
