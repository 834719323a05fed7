import type { ToolUseBlock } from '@enjamb/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Tool } from '../define/tool.ts'
import type { PermissionContext, PermissionDecision } from './permission.ts'
import { type PermissionMode, type PermissionOptions, permissions } from './permissions.ts'

const cwd = '/home/app'
const toolOf = (name: string, readOnly = false) =>
  ({ name, readOnly, validate: (value: unknown) => ({ value }) }) as Tool
const callOf = (name: string, input: object = {}) =>
  ({ type: 'tool_use', id: 'toolu_1', name, input, caller: { type: 'direct' } }) as ToolUseBlock
const signal = new AbortController().signal

/** Allowed, denied, or asked. */
async function decide(
  options: PermissionOptions,
  name: string,
  input: object = {},
  readOnly = false,
  granted?: 'rule' | 'person',
) {
  let asked = false
  const canUseTool = () => {
    asked = true
    return { allow: false }
  }
  const context: PermissionContext = { tool: toolOf(name, readOnly), signal, turn: 1, granted }
  const { allow } = await permissions({ cwd, canUseTool, ...options })(callOf(name, input), context)
  return asked ? 'asked' : allow ? 'allowed' : 'denied'
}

describe('a command', () => {
  const allowed = (rules: string[], command: string) =>
    decide({ allow: rules.map((rule) => `Bash(${rule})`) }, 'Bash', { command })

  it.each([
    [['git status'], 'git status'],
    [['git status'], '  git   status '],
    [['git status:*'], 'git status'],
    [['git status:*'], 'git status --short src'],
    [['npm run test*'], 'npm run test:unit'],
    [['git log:*', 'head:*'], 'git log --oneline | head -n 3'],
    [['cd:*', 'npm test'], 'cd packages/core && npm test'],
    [['echo:*'], `echo "a; b" 'c $(d) > e'`],
    [['*'], 'make all'],
  ])('is allowed by %j: %s', async (rules, command) => {
    expect(await allowed(rules, command)).toBe('allowed')
  })

  it.each([
    [['git status'], 'git status --short'],
    [['git status:*'], 'git statusx'],
    [['git status:*'], 'git status; rm -rf /'],
    [['git status:*'], 'git status && rm -rf /'],
    [['git status:*'], 'git status\nrm -rf /'],
    [['git status:*'], 'git status | sh'],
    [['git status:*'], 'git status & rm x'],
    [['git status:*'], 'git status $(rm x)'],
    [['git status:*'], 'git status "$(rm x)"'],
    [['git status:*'], 'git status `rm x`'],
    [['git status:*'], 'git status > /etc/passwd'],
    [['git status:*'], 'git status <(rm x)'],
    [['git status:*'], 'PATH=/tmp git status'],
    [['git status:*'], `git status 'a`],
    [['git status:*'], 'git status \\; rm x'],
    [['git status:*'], ''],
    [['git status:*'], ';'],
    [['git status:*', 'rm x'], 'git status && rm y'],
    [['*'], 'echo $HOME'],
    [['git.status'], 'git status'],
  ])('is not allowed by %j: %s', async (rules, command) => {
    expect(await allowed(rules, command)).toBe('asked')
  })

  it.each([
    'git push',
    'git push --force origin main',
    'npm test && git push',
    'echo $(git push)',
    'sudo git push',
    '/usr/bin/git push',
    'g"i"t push',
    'git \\\n push',
    'git pu\\\nsh',
    'git --no-pager push',
    'for x in 1 2; do git push; done',
    'GIT_SSH=x git push',
    'echo origin | xargs git push',
    '(git push)',
  ])('is denied by Bash(git push:*): %s', async (command) => {
    expect(await decide({ deny: ['Bash(git push:*)'], mode: 'bypass' }, 'Bash', { command })).toBe('denied')
    expect(await decide({ ask: ['Bash(git push:*)'], mode: 'bypass' }, 'Bash', { command })).toBe('asked')
  })

  it.each(['git pull', 'git pushx', 'git stash push', 'ls push'])(
    'is let be by Bash(git push:*): %s',
    async (command) => {
      expect(await decide({ deny: ['Bash(git push:*)'], mode: 'bypass' }, 'Bash', { command })).toBe('allowed')
    },
  )

  it('takes time in step with its length, however hostile', () => {
    const time = (length: number) => {
      const permission = permissions({
        allow: ['Bash(a* b* c* d*)'],
        deny: ['Bash(x y:*)'],
        canUseTool: () => ({ allow: false }),
      })
      const start = performance.now()
      permission(callOf('Bash', { command: 'a b c '.repeat(length) }), { tool: toolOf('Bash'), signal, turn: 1 })
      return performance.now() - start
    }
    time(100)
    // No time is asserted: a search that explodes would not come back.
    expect(time(300)).toBeGreaterThan(0)
  })
})

describe('a path', () => {
  it.each([
    ['./src/**', 'src/a/b.ts'],
    ['src/**', '/home/app/src/a.ts'],
    ['./src/**', '/home/app/lib/../src/a.ts'],
    ['src/*.ts', './src/a.ts'],
    ['/home/app/src/**', 'src'],
    ['**/.env', 'a/b/.env'],
    ['**/.env', '.env'],
    ['**/*.{ts,tsx}', 'src/a.tsx'],
    ['src/?.ts', 'src/a.ts'],
    ['/etc/**', '/etc/passwd'],
    ['src/(a)+[b].ts', 'src/(a)+[b].ts'],
    ['src\\a.ts', 'src/a.ts'],
  ])('matches %s: %s', async (pattern, file_path) => {
    expect(await decide({ allow: [`Edit(${pattern})`] }, 'Edit', { file_path })).toBe('allowed')
    expect(await decide({ deny: [`Edit(${pattern})`] }, 'Edit', { file_path })).toBe('denied')
  })

  it.each([
    ['./src/**', 'src/../.env'],
    ['./src/**', '../app2/src/a.ts'],
    ['./src/**', '/src/a.ts'],
    ['src/*', 'src/a/b.ts'],
    ['src/*.ts', 'src/axts'],
    ['./src/**', 'srcs/a.ts'],
  ])('does not match %s: %s', async (pattern, file_path) => {
    expect(await decide({ allow: [`Edit(${pattern})`] }, 'Edit', { file_path })).toBe('asked')
  })

  it('that is left out is the working folder', async () => {
    expect(await decide({ deny: ['Glob(.)'] }, 'Glob', { pattern: '**' }, true)).toBe('denied')
  })
})

describe('a file that other programs run', () => {
  const paths = ['.git/hooks/fsm', '.git/config', 'a/.GIT/config', '.npmrc', '.husky/pre-commit', '/home/app/.mcp.json']

  it.each(paths)('is asked for in every mode but bypass: %s', async (file_path) => {
    const allow = ['Bash(git status)', 'Edit', 'Edit(./**)', 'Edit(**/*)']
    for (const mode of ['default', 'acceptEdits'] as const) {
      expect(await decide({ mode, allow }, 'Edit', { file_path })).toBe('asked')
      expect(await decide({ mode, allow }, 'Write', { file_path })).toBe('asked')
      expect(await decide({ mode, allow }, 'NotebookEdit', { notebook_path: file_path })).toBe('asked')
    }
    expect(await decide({ mode: 'bypass' }, 'Edit', { file_path })).toBe('allowed')
    expect(await decide({ mode: 'plan', allow }, 'Edit', { file_path })).toBe('denied')
  })

  it('is edited without being asked where a rule names what makes it one', async () => {
    for (const pattern of ['./.git/hooks/*', '**/.git/**', '.git/hooks/fsm']) {
      expect(await decide({ allow: [`Edit(${pattern})`] }, 'Edit', { file_path: '.git/hooks/fsm' })).toBe('allowed')
    }
    expect(await decide({ allow: ['Edit(./.git/hooks/*)'] }, 'Edit', { file_path: '.git/config' })).toBe('asked')
    expect(await decide({ allow: ['Edit(./.github/**)'] }, 'Edit', { file_path: '.github/workflows/a.yml' })).toBe(
      'asked',
    )
  })

  it('may be read, and one that only looks like it may be edited', async () => {
    expect(await decide({}, 'Read', { file_path: '.git/config' }, true)).toBe('allowed')
    expect(await decide({ mode: 'acceptEdits' }, 'Edit', { file_path: '.gitignore' })).toBe('allowed')
  })

  it('is asked for in a tool of your own, too, whose field for paths is named', async () => {
    const subjects = { save: { field: 'to', kind: 'path' } } as const
    expect(await decide({ allow: ['save'], subjects }, 'save', { to: '.envrc' })).toBe('asked')
    expect(await decide({ allow: ['save'], subjects }, 'save', { to: 'a.txt' })).toBe('allowed')
  })
})

describe('a rule', () => {
  it.each([
    ['mcp__files__*', 'mcp__files__read', true],
    ['mcp__files', 'mcp__files__read', true],
    ['mcp__files', 'mcp__files2__read', false],
    ['mcp__*', 'mcp__files__read', true],
    ['*', 'anything', true],
    ['Re*', 'Read', true],
    ['Read', 'ReadAll', false],
  ])('%s is about %s: %s', async (rule, name, about) => {
    expect(await decide({ allow: [rule] }, name)).toBe(about ? 'allowed' : 'asked')
    expect(await decide({ deny: [rule], mode: 'bypass' }, name)).toBe(about ? 'denied' : 'allowed')
  })

  it.each([
    ['domain:example.com', 'https://example.com/a', true],
    ['domain:example.com', 'https://docs.EXAMPLE.com', true],
    ['domain:example.com', 'https://example.com.evil.org', false],
    ['domain:example.com', 'https://evilexample.com', false],
    ['domain:example.com', 'https://evil.org/?example.com', false],
    ['domain:example.com', 'https://example.com@evil.org', false],
    ['*.example.com', 'https://a.example.com', true],
    ['domain:bücher.example', 'https://www.BÜCHER.example/x', true],
    ['domain:example.com.', 'https://example.com./a', true],
    ['domain:127.0.0.1', 'https://0x7f.1:8080/', true],
  ])('WebFetch(%s) is about %s: %s', async (pattern, url, about) => {
    expect(await decide({ allow: [`WebFetch(${pattern})`] }, 'WebFetch', { url }, true)).toBe(
      about ? 'allowed' : 'asked',
    )
  })

  it('with a pattern for what it does not know denies and asks, but does not allow', async () => {
    expect(await decide({ allow: ['mine(x)'] }, 'mine', { field: 'x' })).toBe('asked')
    expect(await decide({ deny: ['mine(x)'] }, 'mine', { field: 'y' })).toBe('denied')
    expect(await decide({ ask: ['mine(x)'] }, 'mine', { field: 'y' }, true)).toBe('asked')
    expect(await decide({ deny: ['Bash(x)'] }, 'Bash', { command: 7 })).toBe('denied')
    expect(await decide({ allow: ['toString(x)'] }, 'toString')).toBe('asked')
    const subjects = { mine: { field: 'field', kind: 'text' } } as const
    expect(await decide({ allow: ['mine(x*)'], subjects }, 'mine', { field: 'xy' })).toBe('allowed')
    expect(await decide({ deny: ['mine(x)'], subjects }, 'mine', { field: 'y' }, true)).toBe('allowed')
  })

  it.each(['', 'Bash(', 'Bash()', 'Bash(a', '(a)', 'a b', 'Bash(a) b'])('"%s" is refused', (rule) => {
    for (const kind of ['allow', 'deny', 'ask']) expect(() => permissions({ [kind]: [rule] })).toThrow(/A rule is like/)
  })
})

describe('the order', () => {
  it('is: deny, plan, ask, bypass, allow, reading or editing, asking', async () => {
    const modes: PermissionMode[] = ['default', 'acceptEdits', 'plan', 'bypass']
    const names = ['Read', 'Edit', 'Bash', 'mine', 'TodoWrite']
    const rule = fc.subarray(['Read', 'Edit', 'Bash', 'mine'])
    await fc.assert(
      fc.asyncProperty(
        fc.record({ deny: rule, ask: rule, allow: rule, mode: fc.constantFrom(...modes) }),
        fc.constantFrom(...names),
        async ({ deny, ask, allow, mode }, name) => {
          const reads = name === 'Read' || name === 'TodoWrite'
          const expected = deny.includes(name)
            ? 'denied'
            : mode === 'plan' && !reads
              ? 'denied'
              : ask.includes(name)
                ? 'asked'
                : mode === 'bypass' || allow.includes(name) || reads || (mode === 'acceptEdits' && name === 'Edit')
                  ? 'allowed'
                  : 'asked'
          expect(await decide({ deny, ask, allow, mode }, name, {}, name === 'Read')).toBe(expected)
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it('holds against what was granted already: a rule what is never done or always asked, a person what is never done', async () => {
    const granted = async (by: 'rule' | 'person', options: PermissionOptions, input: object = {}) =>
      decide({ ...options }, 'Edit', input, false, by)
    for (const options of [{ deny: ['Edit'] }, { mode: 'plan' }] as const) {
      for (const by of ['rule', 'person'] as const) expect(await granted(by, options)).toBe('denied')
    }
    expect(await granted('rule', { ask: ['Edit'] })).toBe('asked')
    expect(await granted('rule', {}, { file_path: '.git/hooks/fsm' })).toBe('asked')
    expect(await granted('rule', {})).toBe('allowed')
    expect(await granted('person', { ask: ['Edit'] })).toBe('allowed')
    expect(await granted('person', {}, { file_path: '.git/hooks/fsm' })).toBe('allowed')
  })

  it('asks before anything goes online, even to read', async () => {
    for (const name of ['WebFetch', 'WebSearch']) expect(await decide({}, name, {}, true)).toBe('asked')
    for (const name of ['WebFetch', 'WebSearch']) {
      expect(await decide({ mode: 'plan' }, name, {}, true)).toBe('asked')
      expect(await decide({ mode: 'plan', allow: [name] }, name, {}, true)).toBe('allowed')
    }
  })

  it('never gets laxer by a deny or ask rule more, nor stricter by an allow rule more', async () => {
    const ranks = { denied: 0, asked: 1, allowed: 2 }
    const rules = fc.subarray(['Bash', 'Bash(git:*)', 'Bash(git push:*)', 'Bash(* x)', 'B*', 'Read'])
    const command = fc.constantFrom('git', 'git push', 'git push; ls', 'ls x', 'ls "$x"')
    await fc.assert(
      fc.asyncProperty(rules, rules, rules, command, rules, async (deny, ask, allow, command, more) => {
        const rank = async (options: PermissionOptions) => ranks[await decide(options, 'Bash', { command })]
        const now = await rank({ deny, ask, allow })
        expect(await rank({ deny: [...deny, ...more], ask, allow })).toBeLessThanOrEqual(now)
        expect(await rank({ deny, ask: [...ask, ...more], allow })).toBeLessThanOrEqual(now)
        expect(await rank({ deny, ask, allow: [...allow, ...more] })).toBeGreaterThanOrEqual(now)
      }),
      { numRuns: 1_000 },
    )
  })

  it('follows a mode that changes', async () => {
    let mode: PermissionMode = 'plan'
    const options = { mode: () => mode }
    expect(await decide(options, 'Bash', { command: 'ls' })).toBe('denied')
    mode = 'bypass'
    expect(await decide(options, 'Bash', { command: 'ls' })).toBe('allowed')
  })
})

describe('asking', () => {
  const context = (signal: AbortSignal) => ({ tool: toolOf('mine'), signal, turn: 1 })

  it('nobody is a no that says so', async () => {
    const decision = await permissions()(callOf('mine'), context(signal))
    expect(decision).toEqual({ allow: false, reason: 'it needs the leave of somebody who is not here' })
  })

  it('is done one call at a time, and a failure ends only its own', async () => {
    const answers: ((decision: PermissionDecision) => void)[] = []
    let asked = 0
    const permission = permissions({
      canUseTool: () => {
        if (asked++ === 0) throw new Error('the terminal is gone')
        return new Promise((resolve) => answers.push(resolve))
      },
    })
    const decisions = [1, 2, 3].map(() => Promise.resolve(permission(callOf('mine'), context(signal))))
    await expect(decisions[0]).rejects.toThrow('the terminal is gone')
    await new Promise(setImmediate)
    expect(asked).toBe(2)
    answers[0]!({ allow: true, input: 7 })
    expect(await decisions[1]).toEqual({ allow: true, input: 7 })
    await new Promise(setImmediate)
    expect(asked).toBe(3)
    answers[1]!({ allow: false, reason: 'no' })
    expect(await decisions[2]).toEqual({ allow: false, reason: 'no' })
  })

  it('somebody who never answers holds up no other run', async () => {
    const controller = new AbortController()
    let asked = 0
    const permission = permissions({
      canUseTool: () => (asked++ ? { allow: true } : new Promise<PermissionDecision>(() => {})),
    })
    permission(callOf('mine'), context(controller.signal))
    const next = permission(callOf('mine'), context(signal))
    await new Promise(setImmediate)
    controller.abort()
    expect(await next).toEqual({ allow: true })
  })
})
