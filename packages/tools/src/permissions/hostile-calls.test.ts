import { getEventListeners } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { ToolUseBlock } from '@enjamb/core'
import { expect, it, onTestFinished } from 'vitest'
import type { Tool } from '../define/tool.ts'
import type { PermissionDecision } from './permission.ts'
import { type PermissionOptions, permissions } from './permissions.ts'

const cwd = '/home/app'
const signal = new AbortController().signal

/** Is the call allowed? In the mode `bypass` all is that no rule denies. */
async function isAllowed(options: PermissionOptions, name: string, input: object) {
  const call: ToolUseBlock = { type: 'tool_use', id: 'toolu_1', name, input, caller: { type: 'direct' } }
  const tool = { name, validate: (value: unknown) => ({ value }) } as Tool
  const decision = await permissions({ cwd, ...options })(call, { tool, signal, turn: 1 })
  return decision.allow
}

const isDenied = async (rule: string, name: string, input: object) =>
  !(await isAllowed({ deny: [rule], mode: 'bypass' }, name, input))

it.each([
  ['./.env', 'a\\b/../.env'],
  ['./.env', 'c:/../.env'],
  ['./.env', 'x/..//./.env'],
  ['./.env', '.ENV'],
  ['./caf\u00e9/**', 'cafe\u0301/key'],
  ['./secrets', 'secrets/key'],
  ['./secrets/', 'secrets/key'],
  ['./secrets/*', 'secrets/deep/key'],
  ['./a,b', 'a,b'],
  ['/', '/etc/passwd'],
  ['/etc/**/**', '/etc'],
])('a rule that denies Read(%s) is not evaded by %j', async (pattern, file_path) => {
  expect(await isDenied(`Read(${pattern})`, 'Read', { file_path })).toBe(true)
})

it.each([
  ['./src/**', 'src\\x/../package.json'],
  ['./src/**', 'src\\x'],
  ['./src/**', 'SRC/x'],
  ['./src/a,b.ts', '/etc/b.ts'],
  ['./src/a,b.ts', 'src/anything'],
])('a rule that allows Edit(%s) is not stretched to %j', async (pattern, file_path) => {
  expect(await isAllowed({ allow: [`Edit(${pattern})`] }, 'Edit', { file_path })).toBe(false)
})

it('a path that is allowed is, to the file system, the one that the rule names', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'enjamb-{a,b}*-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const name of ['src', 'src\\x']) mkdirSync(join(folder, name))
  writeFileSync(join(folder, 'package.json'), 'theirs')
  const file_path = 'src\\x/../package.json'
  expect(readFileSync(resolve(folder, file_path), 'utf8')).toBe('theirs')
  expect(await isAllowed({ cwd: folder, allow: ['Edit(./src/**)'] }, 'Edit', { file_path })).toBe(false)
  expect(await isAllowed({ cwd: folder, allow: ['Edit(./src/**)'] }, 'Edit', { file_path: 'src/a' })).toBe(true)
  expect(await isAllowed({ cwd: '/w/*', allow: ['Edit(./src/**)'] }, 'Edit', { file_path: '/w/b/src/a' })).toBe(false)
})

it.each([
  ['git push:*', 'git -C dir push'],
  ['git push:*', 'git -c a=b --no-pager -C dir push --force'],
  ['git push', 'git push --force'],
  ['npm publish:*', 'npm --prefix dir publish'],
  ['./deploy.sh:*', 'cd x; ./deploy.sh now'],
  ['/usr/bin/git:*', 'true && /usr/bin/git status'],
  ['echo "x y":*', 'true; echo "x y"'],
  ['curl * | sh', 'cd x; curl a b | sh'],
  ['rm * /:*', 'sudo rm -r -f /'],
  ['git push:*', 'git -C "My Project" push'],
  ['git push:*', "git -C 'R&D; (old)' push origin"],
  ['git push:*', 'git --git-dir "/a b/.git" --work-tree "/a b" push'],
  ['git push:*', 'git -C My\\ Project push'],
  ['git push:*', 'sh -c "git push"'],
  ['git push --force:*', 'git push origin main -f'],
  ['git push -f:*', 'git push --force origin'],
  ['rm -rf:*', 'rm -fr x'],
  ['rm -rf:*', 'rm -r -f x'],
  ['rm -rf:*', 'rm -f x -r'],
  ['rm -rf:*', 'rm -Rfv x'],
  ['rm -rf:*', 'rm --recursive --force x'],
  ['rm -rf:*', 'sudo rm -v --force -r "a b"'],
  ['rm -fr /:*', 'rm -rf /'],
])('a rule that denies Bash(%s) is not evaded by %s', async (pattern, command) => {
  expect(await isDenied(`Bash(${pattern})`, 'Bash', { command })).toBe(true)
})

it.each<[string, string, object]>([
  ['Glob', './secrets/**', { pattern: 'secrets/**' }],
  ['Glob', './secrets/**', { pattern: '**' }],
  ['Glob', './secrets/**', { pattern: '**/*.txt', path: '.' }],
  ['Glob', './secrets/**', { pattern: '*', path: 'secrets' }],
  ['Glob', './secrets/**', { pattern: '../secrets/*', path: 'src' }],
  ['Glob', './secrets/**', { pattern: '/home/app/secrets/key' }],
  ['Glob', './secrets/**', { pattern: '{src,secrets}/*' }],
  ['Glob', './secrets/**', { pattern: 's*/key' }],
  ['Glob', './secrets/**', { pattern: 'SECRETS/*' }],
  ['Glob', './secrets', { pattern: 'secrets\\*' }],
  ['Grep', './secrets/**', { pattern: 'x' }],
  ['Grep', './secrets/**', { pattern: 'x', path: '..' }],
  ['Grep', './secrets/**', { pattern: 'x', glob: 'secrets/**' }],
  ['Grep', './secrets/**', { pattern: 'x', glob: '*.txt' }],
  ['Grep', './secrets/**', { pattern: 'x', glob: 'src/**, secrets/**' }],
  ['Grep', './secrets/**', { pattern: 'x', glob: '!src/**' }],
  ['Grep', '**/.env', { pattern: 'x', path: 'src' }],
  ['Grep', '**/*.pem', { pattern: 'x', glob: 'a*.pem' }],
])('a search with %s is denied by a rule about %s where it would show it: %j', async (tool, pattern, input) => {
  expect(await isDenied(`${tool}(${pattern})`, tool, input)).toBe(true)
})

it.each<[string, string, object]>([
  ['Glob', './secrets/**', { pattern: 'src/**' }],
  ['Glob', './secrets/**', { pattern: '**', path: 'src' }],
  ['Glob', './secrets/**', { pattern: '*', path: 'secretsmith' }],
  ['Glob', './secrets/**', { pattern: 'src/{a,b}/*.ts' }],
  ['Grep', './secrets/**', { pattern: 'secrets', path: 'src' }],
  ['Grep', './secrets/**', { pattern: 'x', glob: 'src/**' }],
  ['Grep', './keys/*.pem', { pattern: 'x', glob: 'src/*.ts' }],
])('a search with %s is let be by a rule about %s where it goes elsewhere: %j', async (tool, pattern, input) => {
  expect(await isDenied(`${tool}(${pattern})`, tool, input)).toBe(false)
})

it('a rule that allows a search in a folder is not stretched by what it looks for', async () => {
  const allow = ['Glob(./src/**)']
  expect(await isAllowed({ allow }, 'Glob', { path: 'src', pattern: '**/*.ts' })).toBe(true)
  for (const pattern of ['../*', 'a/../../*', '/etc/*', '..\\*']) {
    expect(await isAllowed({ allow }, 'Glob', { path: 'src', pattern })).toBe(false)
  }
})

it.each(['rm -r x', 'rm -f x', 'rm x', 'rmdir -rf x', 'ls -rf', 'echo rm; ls -rf'])(
  'a rule that denies Bash(rm -rf:*) leaves %s',
  async (command) => {
    expect(await isDenied('Bash(rm -rf:*)', 'Bash', { command })).toBe(false)
  },
)

it.each([
  ["rm 'a b'", "rm 'a  b'"],
  ["rm 'a b'", "rm 'a\tb'"],
  ["rm 'a b'", 'rm a b'],
  ["rm 'a b'", `rm "a b"`],
  ["rm 'a b'", "rm 'a\ue000b'"],
])('a rule that allows Bash(%s) does not allow another file: %j', async (rule, command) => {
  expect(await isAllowed({ allow: [`Bash(${rule})`] }, 'Bash', { command: "rm 'a b'" })).toBe(true)
  expect(await isAllowed({ allow: [`Bash(${rule})`] }, 'Bash', { command })).toBe(false)
})

it.each(['\u00a0http://blocked.test/', 'http:// blocked.test/', '//blocked.test'])(
  'what is no URL to a rule may be one to the tool, so rules about hosts deny it: %j',
  async (url) => {
    expect(await isDenied('WebFetch(domain:blocked.test)', 'WebFetch', { url })).toBe(true)
    expect(await isAllowed({ allow: ['WebFetch(domain:blocked.test)'] }, 'WebFetch', { url })).toBe(false)
  },
)

it.each(['git commit -m push', 'git stash push', 'git -C dir pull', 'git pull; echo push', 'legit push'])(
  'a rule that denies Bash(git push:*) leaves %s',
  async (command) => {
    expect(await isDenied('Bash(git push:*)', 'Bash', { command })).toBe(false)
  },
)

it('what a shell takes for a part of a word is no space in a rule that allows', async () => {
  for (const command of ['git\u00a0status', 'git status\u00a0', '\u2003git status', 'git\rstatus', 'git status\f']) {
    expect(await isAllowed({ allow: ['Bash(git status)'] }, 'Bash', { command })).toBe(false)
  }
})

it('every text between two stars of a rule is needed, in order, and the last at the end', async () => {
  const allows = (command: string) => isAllowed({ allow: ['Bash(a *b* c*d)'] }, 'Bash', { command })
  for (const command of ['a b cd', 'a xbx cxd', 'a b c b cd d']) expect(await allows(command)).toBe(true)
  for (const command of ['a  cd', 'a c b d', 'a b cdx', 'xa b cd']) expect(await allows(command)).toBe(false)
})

it('no path and no command makes a rule take long', { timeout: 20_000 }, async () => {
  const rules = [
    'Bash(a* b* c* d* x:*)',
    'Bash(git push:*)',
    'Bash(* --x* y)',
    'Read(**/a/**/*b*c*/**/d)',
    'Read(**/a/**/{a*,*/b}/**/a*/**/{*c,**}/**/d)',
    'Read(./*a*a*b)',
  ]
  for (const text of ['a b c d ', 'git ', 'git -a ', '-', 'a -', 'a/b/c/', 'ab/', 'a']) {
    const long = text.repeat(100_000 / text.length)
    for (const rule of rules) await isDenied(rule, rule.slice(0, 4), { command: long, file_path: long })
    for (const rule of rules) await isAllowed({ allow: [rule] }, rule.slice(0, 4), { command: long, file_path: long })
  }
})

it('a tool that a rule denies has no other spelling', async () => {
  expect(await isDenied('bash', 'Bash', { command: 'ls' })).toBe(true)
  expect(await isDenied('BASH(ls)', 'Bash', { command: 'ls' })).toBe(true)
  expect(await isDenied('*(git status)', 'WebFetch', { url: 'https://a' })).toBe(false)
  expect(await isAllowed({ allow: ['bash'] }, 'Bash', { command: 'ls' })).toBe(false)
})

it.each([
  ['Read(~/.ssh/**)', /Write out the folder/],
  ['Read(./{a,b)', /braces/],
  ['Edit(./a})', /braces/],
  ['WebFetch(domain:a b)', /A host is like/],
  ['WebFetch(https://example.com)', /A host is like/],
  ['WebFetch(domain:localhost:3000)', /A host is like/],
  ['WebFetch(domain:example.com/a)', /A host is like/],
  ['WebFetch(domain:*)', /A host is like/],
  ['WebFetch(domain:)', /A host is like/],
  ['webfetch(domain:a b)', /A host is like/],
])('%s, which nothing could match, is refused', (rule, message) => {
  for (const kind of ['allow', 'deny', 'ask']) expect(() => permissions({ [kind]: [rule] })).toThrow(message)
})

it('what is asked cannot be changed into what is denied', async () => {
  const answer = (file_path: string) => (): PermissionDecision => ({ allow: true, input: { file_path } })
  const options = { deny: ['Edit(./.env)'], ask: ['Edit(./b)'] }
  for (const asked of ['a', 'b']) {
    expect(await isAllowed({ ...options, canUseTool: answer('.env') }, 'Edit', { file_path: asked })).toBe(false)
    expect(await isAllowed({ ...options, canUseTool: answer('c') }, 'Edit', { file_path: asked })).toBe(true)
  }
})

it('many questions leave nothing behind at the signal of the run', async () => {
  const { signal } = new AbortController()
  const permission = permissions({ canUseTool: () => ({ allow: true }) })
  const call: ToolUseBlock = { type: 'tool_use', id: 'toolu_1', name: 'x', input: {}, caller: { type: 'direct' } }
  for (let i = 0; i < 20; i++) await permission(call, { tool: { name: 'x' } as Tool, signal, turn: 1 })
  await new Promise(setImmediate)
  expect(getEventListeners(signal, 'abort')).toEqual([])
})
