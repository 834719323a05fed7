import { Buffer } from 'node:buffer'
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, linkSync, readdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConfigError } from '@enjamb/core'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { callOne } from '../../../../test/one-tool.ts'
import { workFolder } from '../../../../test/work-folder.ts'
import { toolset } from '../../../index.ts'
import { grepTool } from '../../index.ts'

const hasGit = spawnSync('git', ['--version']).status === 0

function tree(files: { [name: string]: string | Uint8Array } = {}) {
  const folder = workFolder()
  for (const [name, content] of Object.entries(files)) folder.write(name, content, 1_000)
  const grep = async (pattern: string, more: object = {}) => {
    const { text, isError } = await folder.call('Grep', { pattern, ...more })
    return { isError, text: text.replaceAll(`${folder.cwd}/`, '') }
  }
  return {
    ...folder,
    grep,
    /** The files found, sorted by name. */
    async find(pattern: string, more: object = {}) {
      const { text, isError } = await grep(pattern, more)
      if (isError) throw new Error(text)
      return text
        .split('\n')
        .filter((line) => !line.startsWith('['))
        .sort()
    },
    lines: async (pattern: string, more: object = {}) =>
      (await grep(pattern, { output_mode: 'content', ...more })).text.split('\n'),
  }
}

const refused = (reason: string) => ({ isError: true, text: expect.stringContaining(reason) })

describe('files', () => {
  it('are listed by their absolute paths, the latest changed first', async () => {
    const { cwd, write, call } = tree()
    write('old.ts', 'needle', 1_000)
    write('src/new.ts', 'needle', 3_000)
    write('mid.ts', 'a needle here', 2_000)
    write('none.ts', 'hay', 4_000)
    const { text, isError } = await call('Grep', { pattern: 'needle' })
    expect(text.split('\n')).toEqual(['src/new.ts', 'mid.ts', 'old.ts'].map((name) => join(cwd, name)))
    expect(isError).toBe(false)
  })

  it('are chosen by folder, glob and type', async () => {
    const { find } = tree({
      'a.ts': 'x',
      'a.test.ts': 'x',
      'b.py': 'x',
      'src/c.ts': 'x',
      'src/.env': 'x',
      '.git/config': 'x',
    })
    expect(await find('x')).toEqual(['a.test.ts', 'a.ts', 'b.py', 'src/.env', 'src/c.ts'])
    expect(await find('x', { path: 'src' })).toEqual(['src/.env', 'src/c.ts'])
    expect(await find('x', { glob: '*.ts' })).toEqual(['a.test.ts', 'a.ts', 'src/c.ts'])
    expect(await find('x', { glob: '!*.test.ts', type: 'ts' })).toEqual(['a.ts', 'src/c.ts'])
    expect(await find('x', { glob: 'src/*' })).toEqual(['src/.env', 'src/c.ts'])
    expect(await find('x', { type: 'py' })).toEqual(['b.py'])
    expect(await find('x', { path: 'b.py' })).toEqual(['b.py'])
    expect(await find('x', { glob: '{*.py,src/*.ts}' })).toEqual(['b.py', 'src/c.ts'])
  })

  it('are chosen by several globs as well, however a model puts them together', async () => {
    const { find } = tree({ 'a.ts': 'x', 'a.test.ts': 'x', 'b.py': 'x', 'c d.md': 'x', 'src/e,f.js': 'x' })
    for (const glob of ['*.py,*.md', '*.py, *.md', '*.py *.md', ' *.{py,md}, ', '{*.py,*.{md,x}}']) {
      expect(await find('x', { glob }), glob).toEqual(['b.py', 'c d.md'])
    }
    expect(await find('x', { glob: '*.ts,!*.test.ts' })).toEqual(['a.ts'])
    expect(await find('x', { glob: 'c d.*' })).toEqual(['c d.md'])
    for (const glob of ['./src/*', '/src/*', 'src/*{e,f}*']) {
      expect(await find('x', { glob }), glob).toEqual(['src/e,f.js'])
    }
    expect(await find('x', { glob: '*.js,!./src/*' })).toEqual([])
    expect(await find('x', { glob: ',' })).toHaveLength(5)
  })

  it('are chosen by globs as Glob reads them', async () => {
    const names = ['app/[id]/page.tsx', 'app/i/page.tsx', 'app/x/a.tsx', 'src/a/b.ts', 'ü.md', 'a[1].txt', 'b1.txt']
    const { find, call, cwd } = tree(Object.fromEntries(names.map((name) => [name, 'x'])))
    for (const glob of ['app/[id]/**', '**/[id]/*', 'src/**/*.ts', '?.md', 'a[1].*', 'app/*/*.tsx', '*[1].txt']) {
      const { text } = await call('Glob', { pattern: glob })
      const globbed = text.replaceAll(`${cwd}/`, '').split('\n').sort()
      const anywhere = glob.includes('/') ? glob : `/${glob}`
      expect(await find('x', { glob: anywhere }), glob).toEqual(globbed)
      expect(globbed.length).toBeGreaterThan(0)
    }
    expect(await find('x', { glob: 'app/' })).toHaveLength(3)
    expect(await find('x', { glob: '*.tsx,!app/[id]/**' })).toEqual(['app/x/a.tsx'])
    expect(await find('x', { glob: '!?.md, !*.tsx' })).toEqual(['a[1].txt', 'b1.txt', 'src/a/b.ts'])
    expect(await find('x', { glob: '**/*a*a*/**/*a*a*/**/*a*a*b' })).toEqual([])
  })

  it('are counted, with their matching lines', async () => {
    const { grep } = tree({ 'a.txt': 'x x\ny\nx\n', 'b/c.txt': 'x', 'd.txt': 'y', 'e\nf:3': 'x\nx\nx' })
    const { text } = await grep('x', { output_mode: 'count' })
    const odd = expect.stringContaining('e\\nf:3":3')
    expect(text.split('\n')).toEqual(['a.txt:2', 'b/c.txt:1', odd])
  })

  it('that are none are said to be none', async () => {
    const { cwd, call } = tree({ a: 'x' })
    for (const output_mode of ['content', 'files_with_matches', 'count']) {
      const { text, isError } = await call('Grep', { pattern: 'nothing.*here', output_mode })
      expect(text).toBe(`[Nothing in ${cwd} matches nothing.*here.]`)
      expect(isError).toBe(false)
    }
  })
})

describe('lines', () => {
  it('stand below their file with their numbers, as grep -n gives them', async () => {
    const { cwd, lines } = tree({ 'a.txt': 'one\ntwo needle\nthree\nneedle four\n', 'b.txt': 'needle\r\n' })
    const expected = execFileSync('grep', ['-n', 'needle', 'a.txt'], { cwd, encoding: 'utf8' }).trimEnd().split('\n')
    expect(await lines('needle')).toEqual(['a.txt', ...expected, '', 'b.txt', '1:needle'])
    expect(await lines('needle', { '-n': false })).toEqual([
      'a.txt',
      'two needle',
      'needle four',
      '',
      'b.txt',
      'needle',
    ])
  })

  it('have others around them, if asked', async () => {
    const { lines } = tree({ 'a.txt': '1\n2\nx3\n4\n5\n6\n7\nx8\n9\n' })
    expect(await lines('x', { '-C': 1 })).toEqual(['a.txt', '2-2', '3:x3', '4-4', '--', '7-7', '8:x8', '9-9'])
    expect(await lines('x', { '-A': 1 })).toEqual(['a.txt', '3:x3', '4-4', '--', '8:x8', '9-9'])
    expect(await lines('x', { '-B': 2, '-C': 1 })).toEqual([
      'a.txt',
      '1-1',
      '2-2',
      '3:x3',
      '4-4',
      '--',
      '6-6',
      '7-7',
      '8:x8',
      '9-9',
    ])
    expect(await lines('x', { '-B': 9, '-A': 0 })).toContain('7-7')
    expect(await lines('x', { context: 1 })).toEqual(await lines('x', { '-C': 1 }))
  })

  it('are cut down to what matches, if asked, as grep -on does', async () => {
    const { cwd, lines } = tree({ 'a.txt': 'b1 b22 c\n\nüb3\n', 'c.txt': '(1\n2) (3\n\n4)\n' })
    const expected = execFileSync('grep', ['-on', 'b[0-9]*', 'a.txt'], { cwd, encoding: 'utf8' }).trimEnd().split('\n')
    expect(await lines('b[0-9]*', { '-o': true, '-C': 3 })).toEqual(['a.txt', ...expected])
    expect(await lines('\\d*', { '-o': true, path: 'a.txt', '-n': false })).toEqual(['a.txt', '1', '22', '3'])
    expect(await lines('\\(.*?\\)', { '-o': true, multiline: true })).toEqual([
      'c.txt',
      '1:(1',
      '2:2)',
      '2:(3',
      '3:',
      '4:4)',
    ])
  })

  it('match in any case, or over several lines, if asked', async () => {
    const { lines, find } = tree({ 'a.txt': 'struct A {\n  int b;\n}\n' })
    expect(await find('STRUCT')).toEqual([])
    expect(await find('STRUCT', { '-i': true })).toEqual(['a.txt'])
    expect(await find('A.*b')).toEqual([])
    expect(await lines('A.*b', { multiline: true })).toEqual(['a.txt', '1:struct A {', '2:  int b;'])
  })

  it('match the same whether they end as on Windows or not', async () => {
    const files = { 'unix.js': 'one;\nend;\n}\n', 'windows.js': 'one;\r\nend;\r\n}\r\n' }
    const { find, lines } = tree(files)
    const both = Object.keys(files)
    expect(await find('end;$')).toEqual(both)
    expect(await find('^end;$')).toEqual(both)
    expect(await find('end;\\n\\}', { multiline: true })).toEqual(both)
    expect(await find('end;\n\\}', { multiline: true })).toEqual(both)
    expect(await find('end;\\r?\\n\\}', { multiline: true })).toEqual(both)
    expect(await find('end;[\\r\\n]+\\}', { multiline: true })).toEqual(both)
    expect(await find('[^\\n]end', { multiline: true })).toEqual([])
    expect(await lines('e.*;$', { '-o': true })).toEqual([
      'unix.js',
      '1:e;',
      '2:end;',
      '',
      'windows.js',
      '1:e;',
      '2:end;',
    ])
  })

  it('that are long are cut around their match', async () => {
    const { lines } = tree({
      'a.js': `${'ü'.repeat(3_000)}needle${'z'.repeat(3_000)}\n`,
      'b.js': `${'y'.repeat(499)}\ud83d\ude00needle`,
    })
    const [, line, , , other] = await lines('needle|yyyy')
    expect(line).toMatch(/^1:ü{100}needlez{394} \[cut: characters 2901 to 3400 of 6006\]$/)
    expect(other).toBe(`1:${'y'.repeat(499)} [cut: characters 1 to 500 of 507]`)
  })

  it('that are no UTF-8 come as well as they can', async () => {
    const { lines } = tree({
      'a.txt': Uint8Array.of(0xe4, 0x78, 0x0a),
      'b.txt': Buffer.from('\ufeffxü\r\n', 'utf16le'),
    })
    expect(await lines('x')).toEqual(['a.txt', '1:\ufffdx', '', 'b.txt', '1:xü'])
  })

  it('beyond 4 MiB are left out, and said to be', async () => {
    const { lines } = tree({ 'a.txt': `x${'y'.repeat(5 * 2 ** 20)}\nx\n` })
    expect(await lines('x')).toEqual(['a.txt', '[A line of more than 4 MiB is left out.]', '2:x'])
  })
})

describe('what comes at once', () => {
  it('is limited, and goes on where it says', async () => {
    const { grep, lines } = tree({ a: 'x\n'.repeat(300), b: 'x\nx\n' })
    const first = await lines('x')
    expect(first).toHaveLength(252)
    expect(first.at(-1)).toBe('[There is more: go on with offset 250.]')
    const rest = await lines('x', { offset: 250 })
    expect(rest[1]).toBe('251:x')
    expect(rest.slice(-4)).toEqual(['', 'b', '1:x', '2:x'])
    expect(await lines('x', { head_limit: 1, offset: 301 })).toEqual(['b', '2:x'])
    expect((await grep('x', { output_mode: 'content', offset: 302 })).text).toBe('[There are only 302.]')
    expect((await grep('x', { head_limit: 1 })).text).toContain('go on with offset 1.')
    expect((await grep('x', { head_limit: 1, output_mode: 'count', offset: 1 })).text).toBe('b:2')
  })

  it('is at most about 100,000 characters', async () => {
    const { grep } = tree({ a: `x${'y'.repeat(499)}\n`.repeat(1_000) })
    for (const head_limit of [10_000, 0]) {
      const { text } = await grep('x', { output_mode: 'content', head_limit })
      expect(text.length).toBeLessThan(101_500)
      expect(text).toMatch(/go on with offset 1\d\d\.]$/)
    }
  })
})

describe('what is left out', () => {
  it('is .git, node_modules, and links, unless it is searched itself', async () => {
    const { top, cwd, find } = tree({ a: 'x', '.git/b': 'x', 'node_modules/p/c': 'x', 'sub/node_modules/q/d': 'x' })
    writeFileSync(join(top, 'secret'), 'x')
    symlinkSync(join(top, 'secret'), join(cwd, 'link'))
    symlinkSync(top, join(cwd, 'up'))
    symlinkSync('a', join(cwd, 'inside'))
    symlinkSync('.', join(cwd, 'loop'))
    linkSync(join(cwd, 'a'), join(cwd, 'hard'))
    expect(await find('x')).toEqual(['a', 'hard'])
    expect(await find('x', { glob: '**' })).toEqual(['a', 'hard'])
    expect(await find('x', { glob: 'node_modules/**' })).toEqual([])
    expect(await find('x', { path: 'node_modules/p' })).toEqual(['node_modules/p/c'])
    expect(await find('x', { path: 'sub/node_modules' })).toEqual(['sub/node_modules/q/d'])
    expect(await find('x', { path: 'inside' })).toEqual(['a'])
  })

  it('is found where a folder is named of which rules leave out all, and counted where it is not', async () => {
    const { cwd, find, write, call } = tree({
      'scripts/a.js': 'x',
      'scripts/deep/b.js': 'x',
      'scripts/deep/c.tmp': 'x',
    })
    write('.gitignore', 'scripts/*\n')
    write('scripts/deep/.gitignore', '*.tmp\n')
    expect(await find('x', { path: 'scripts' })).toEqual(['scripts/a.js', 'scripts/deep/b.js'])
    expect((await call('Grep', { pattern: 'x', output_mode: 'content' })).text).toBe(
      `[Nothing in ${cwd} matches x. 3 files that would are left out by .gitignore: to search there, name the folder in path.]`,
    )
    expect((await call('Grep', { pattern: 'y' })).text).toBe(`[Nothing in ${cwd} matches y.]`)
  })

  it('is binary', async () => {
    const { find, lines } = tree({ 'a.bin': Uint8Array.of(0, 1, 0x78), 'b.txt': 'x' })
    expect(await find('x')).toEqual(['b.txt'])
    expect(await lines('x', { path: 'a.bin' })).toEqual(['a.bin', '1:\u2400\u0001x'])
  })

  it.runIf(hasGit)('is what git leaves out, in every folder, and what Glob leaves out', async () => {
    const { cwd, find, write, call } = tree()
    const names = [
      'a.log',
      'keep.log',
      'b/a.log',
      'build/x',
      'sub/build/x',
      'sub/build/y.o',
      'sub/a.tmp',
      'sub/deep/a.tmp',
      'we[ird]*/x.tmp',
      'we[ird]*/y',
      'doc/a.txt',
      'doc/in/a.txt',
      'ex/a',
      'ex/keep',
      '#hash',
    ]
    for (const name of names) write(name, 'needle')
    write('.gitignore', '# needle\n*.log\n!keep.log\nbuild/\ndoc/*.txt\nex/*\n!ex/keep\n\\#hash\n')
    write('b/.gitignore', '# needle\n!a.log\n')
    write('sub/.gitignore', '# needle\n!build/\n*.o\n*.tmp\n')
    write('sub/deep/.gitignore', '# needle\n!*.tmp\n')
    write('we[ird]*/.gitignore', '# needle\n*.tmp\n')
    write('.ignore', '# needle\n*\n')
    execFileSync('git', ['init', '-q', '.'], { cwd })
    const listed = execFileSync('git', ['ls-files', '-coz', '--exclude-standard'], { cwd, encoding: 'utf8' })
    const expected = listed.split('\0').filter(Boolean).sort()
    expect(expected.length).toBeGreaterThan(10)
    expect(await find('needle')).toEqual(expected)
    const globbed = (await call('Glob', { pattern: '**' })).text.replaceAll(`${cwd}/`, '').split('\n').sort()
    expect(globbed).toEqual(expected)
    expect(await find('needle', { path: 'sub/deep' })).toEqual(['sub/deep/.gitignore', 'sub/deep/a.tmp'])
    expect(await find('needle', { path: 'build' })).toEqual(['build/x'])
    expect(await find('needle', { glob: '*.log' })).toEqual(['b/a.log', 'keep.log'])
    expect(await find('needle', { path: 'a.log' })).toEqual(['a.log'])
  })

  it('leaves no list of rules behind', async () => {
    const { find } = tree({ '.gitignore': '*.log', a: 'x', 'b.log': 'x' })
    const { cwd } = workFolder()
    vi.stubEnv('TMPDIR', cwd)
    onTestFinished(() => void vi.unstubAllEnvs())
    expect(tmpdir()).toBe(cwd)
    expect(await find('x')).toEqual(['a'])
    expect(readdirSync(cwd)).toEqual([])
    vi.stubEnv('TMPDIR', join(cwd, 'where nothing can be written'))
    expect(await find('x')).toEqual(['a'])
  })
})

describe('hostile input', () => {
  it('does not become an option of ripgrep', async () => {
    const { grep, find, write } = tree({ a: '--files\n-e x\n', 'b.txt': 'b' })
    write('-', 'dash')
    write('--pre=sh', 'dash')
    expect(await find('--files')).toEqual(['a'])
    expect(await find('-e x')).toEqual(['a'])
    expect(await find('-')).toEqual(['a'])
    expect(await find('dash', { path: '-' })).toEqual(['-'])
    expect(await find('dash', { path: '--pre=sh' })).toEqual(['--pre=sh'])
    expect(await find('b', { glob: '--pre=touch x' })).toEqual([])
    expect(await grep('x', { type: '--pre=x' })).toMatchObject({ isError: true })
  })

  it('in the pattern is named by what is wrong', async () => {
    const { grep } = tree({ a: 'x' })
    expect(await grep('(')).toMatchObject(refused('unclosed group'))
    expect(await grep('(?=x)')).toMatchObject({
      isError: true,
      text: expect.stringMatching(/look-around.*is not supported$/),
    })
    expect(await grep('x', { glob: '[' })).toMatchObject(refused('glob'))
    expect(await grep('x', { type: 'nosuch' })).toMatchObject(refused('unrecognized file type'))
    expect(await grep('x\\ny')).toMatchObject(refused('\\n'))
    for (const input of [{ pattern: '' }, { '-A': -1 }, { head_limit: -1 }, { output_mode: 'all' }, { path: '' }]) {
      expect(await grep('x', input), JSON.stringify(input)).toMatchObject({ isError: true })
    }
  })

  it.each([
    '..',
    '/',
    '/etc',
    '/etc/passwd',
    '../secret',
    'up',
    'up/secret',
    'link',
    '/dev/stdin',
    '/proc/self/environ',
    '/proc/self/cwd',
    '/proc/self/root/etc',
    'a\0',
    'missing',
    'dangling',
  ])('in the path is refused: %j', async (path) => {
    const { top, cwd, grep } = tree({ a: 'x' })
    writeFileSync(join(top, 'secret'), 'x')
    symlinkSync(top, join(cwd, 'up'))
    symlinkSync(join(top, 'secret'), join(cwd, 'link'))
    symlinkSync(join(top, 'not-yet'), join(cwd, 'dangling'))
    expect(await grep('.', { path })).toMatchObject({ isError: true })
  })

  it('in globs leads nowhere outside', async () => {
    const { top, find } = tree({ a: 'x' })
    writeFileSync(join(top, 'secret'), 'x')
    for (const glob of ['../*', '/etc/*', '../**', '**/../*', join(top, '*')])
      expect(await find('x', { glob }), glob).toEqual([])
  })

  it('in the tree is not waited for, and does not fill the memory', async () => {
    const { cwd, find, write, grep } = tree({ 'sub/a': 'x', 'zero/b': 'x', 'big/c': 'x', 'd.log': 'x' })
    execFileSync('mkfifo', [join(cwd, 'pipe'), join(cwd, 'sub', '.gitignore')])
    symlinkSync('/dev/zero', join(cwd, 'zero', '.gitignore'))
    symlinkSync('/dev/zero', join(cwd, '.ignore'))
    write('.gitignore', `*.log\n${'*a'.repeat(40)}b\n`)
    const server = createServer().listen(join(cwd, 'socket'))
    onTestFinished(() => void server.close())
    expect(await find('x')).toEqual(['big/c', 'sub/a', 'zero/b'])
    for (const path of ['pipe', 'socket']) expect(await grep('x', { path })).toMatchObject(refused('regular file'))
  })

  it('in the environment changes nothing', async () => {
    const { top, find } = tree({ a: 'x' })
    writeFileSync(join(top, 'config'), '--files-without-match\n')
    vi.stubEnv('RIPGREP_CONFIG_PATH', join(top, 'config'))
    onTestFinished(() => void vi.unstubAllEnvs())
    expect(await find('x')).toEqual(['a'])
  })
})

it('shows nothing of a file whose place a link has taken since ripgrep read it', async () => {
  const { top, cwd } = tree({ a: 'x' })
  writeFileSync(join(top, 'secret'), 'TOP SECRET')
  symlinkSync(join(top, 'secret'), join(cwd, 'link'))
  symlinkSync(top, join(cwd, 'up'))
  const found = ['a', 'link', 'up/secret', '../secret', 'gone'].flatMap((name) => [
    { type: 'begin', data: { path: { text: `./${name}` } } },
    { type: 'match', data: { lines: { text: `SECRET of ${name}\n` }, line_number: 1, submatches: [] } },
  ])
  const program = join(top, 'rg')
  const output = found.map((one) => JSON.stringify(one)).join('\n')
  writeFileSync(program, `#!/bin/sh\ncase "$*" in *--json*) cat <<'END'\n${output}\nEND\nesac\n`)
  chmodSync(program, 0o755)
  const block = {
    type: 'tool_use' as const,
    id: 'toolu_1',
    name: 'Grep',
    input: { pattern: 'x', output_mode: 'content' },
  }
  const { content } = await toolset([grepTool({ cwd, program })]).call(block)
  expect(content).toBe(`${join(cwd, 'a')}\n1:SECRET of a`)
})

describe('a search that takes too long', () => {
  /** In ripgrep's place a program that finds one file and then hangs. */
  function hanging() {
    const folder = workFolder()
    folder.write('a', 'x')
    const program = join(folder.top, 'rg')
    writeFileSync(
      program,
      '#!/bin/sh\ncase "$*" in *--files\\ *) exit 1;; esac\necho $$ > pid\nprintf "./a\\0"\nexec sleep 100\n',
    )
    chmodSync(program, 0o755)
    const isGone = () => {
      try {
        process.kill(Number(execFileSync('cat', [join(folder.cwd, 'pid')], { encoding: 'utf8' })), 0)
        return false
      } catch {
        return true
      }
    }
    const call = (timeoutMs: number, signal?: AbortSignal) =>
      toolset([grepTool({ cwd: folder.cwd, program, timeoutMs })]).call(
        { type: 'tool_use', id: 'toolu_1', name: 'Grep', input: { pattern: 'x' } },
        { signal },
      )
    return { ...folder, call, isGone }
  }

  it('ends with what it has found', async () => {
    const { cwd, call, isGone } = hanging()
    const { content, is_error } = await call(1_500)
    expect(content).toBe(`${join(cwd, 'a')}\n[Stopped after 1500 ms: search less, with path, glob or type.]`)
    expect(is_error).toBeUndefined()
    expect(isGone()).toBe(true)
  })

  it('is killed when it is aborted', async () => {
    const { cwd, call, isGone } = hanging()
    const controller = new AbortController()
    const result = call(60_000, controller.signal)
    await expect.poll(() => readdirSync(cwd)).toContain('pid')
    controller.abort()
    expect(await result).toMatchObject({ is_error: true })
    await expect.poll(isGone).toBe(true)
  })
})

describe('a search that fails', () => {
  it.runIf(process.platform === 'linux')('has not filled the memory before, and says what to do', async () => {
    const { grep, write } = tree({ 'sub/a': 'a' })
    write('long', 'a'.repeat(50_000_000))
    const outcome = await grep('a', { output_mode: 'content' })
    expect(outcome).toMatchObject({ isError: true, text: expect.stringMatching(/memory.*leave out large files/) })
    expect((await grep('a', { output_mode: 'content', path: 'sub' })).isError).toBe(false)
  })

  it('over several lines does not read what is larger than 100 MiB', async () => {
    const { cwd, find } = tree({ a: 'one\ntwo\n', large: 'one\ntwo\n' })
    truncateSync(join(cwd, 'large'), 101 * 2 ** 20)
    expect(await find('one.*o\\n', { multiline: true })).toEqual(['a'])
  })

  it.runIf(process.getuid?.() !== 0)('since the file or folder must not be read says so', async () => {
    const { cwd, grep, call } = tree({ a: 'x', 'sub/b': 'x' })
    for (const path of ['a', 'sub']) {
      chmodSync(join(cwd, path), 0)
      expect(await grep('x', { path })).toMatchObject(refused(`${path} cannot be read (EACCES)`))
    }
    expect(await call('Glob', { pattern: '*', path: 'sub' })).toMatchObject(refused('cannot be read (EACCES)'))
    chmodSync(join(cwd, 'sub'), 0o755)
  })

  it.each(['kill -9 $$', 'kill -6 $$', 'exit 3', 'echo oh >&2; exit 134'])(
    'is not one that finds nothing: %s',
    async (end) => {
      const { top, cwd } = tree({ a: 'x' })
      const program = join(top, 'rg')
      writeFileSync(program, `#!/bin/sh\ncase "$*" in *--files\\ *) exit 1;; esac\nprintf "./a\\0"; ${end}\n`)
      chmodSync(program, 0o755)
      expect(await callOne(grepTool({ cwd, program }), { pattern: 'x' })).toMatchObject({
        isError: true,
        text: expect.stringMatching(/The search program failed \((?:code \w+|oh)\): search less/),
      })
    },
  )
})

it('says what to install where there is no ripgrep', async () => {
  const { cwd } = tree({ a: 'x' })
  const missing = await callOne(grepTool({ cwd, program: join(cwd, 'no-such-program') }), { pattern: 'x' })
  expect(missing).toMatchObject(refused('cannot be started'))
})

it('refuses a time that makes no sense', () => {
  const { cwd } = tree()
  for (const timeoutMs of [0, -1, Number.NaN, 2 ** 31]) expect(() => grepTool({ cwd, timeoutMs })).toThrow(ConfigError)
})

it('searches no further once it is aborted', async () => {
  const { call } = tree({ a: 'x' })
  expect(await call('Grep', { pattern: 'x' }, AbortSignal.abort())).toMatchObject({ isError: true })
})
