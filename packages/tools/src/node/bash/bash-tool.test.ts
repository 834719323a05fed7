import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError } from '@enjamb/core'
import { describe, expect, it } from 'vitest'
import { commandTools } from '../../../test/command-tools.ts'
import { until } from '../../../test/processes.ts'
import { bashDefinition } from '../../code/bash/bash.ts'
import { createBackgroundTasks } from '../process/background-tasks.ts'
import type { BashOptions } from './bash-options.ts'
import { bashTool } from './bash-tool.ts'

const hasGit = spawnSync('git', ['--version']).status === 0

describe('a command', () => {
  const { bash, call, cwd } = commandTools()

  it('shows what it prints, errors among the rest in the order in which they came', async () => {
    expect(await bash('echo one; echo two >&2; echo three; echo four >&2')).toBe('one\ntwo\nthree\nfour')
    expect(await bash('printf "ä漢😀\\n\\n"')).toBe('ä漢😀')
    expect(await bash('true')).toBe('[No output.]')
  })

  it('tells its exit code, or the signal that ended it', async () => {
    expect(await bash('echo no; exit 3')).toBe('no\n[Exit code 3.]')
    expect(await bash('false')).toBe('[No output.]\n[Exit code 1.]')
    expect(await bash('kill -KILL $$')).toBe('[No output.]\n[Ended by SIGKILL.]')
    expect(await bash('sh -c "kill -TERM \\$\\$"; exit $?')).toContain('[Exit code 143 (SIGTERM).]')
    expect(await bash('no-such-command-here')).toContain('[Exit code 127.]')
    expect((await call('Bash', { command: 'exit 1' })).isError).toBe(false)
  })

  it('runs as it is written, whatever is in it', async () => {
    expect(await bash(`printf '%s|' 'it'"'"'s' "$((1 + 1))" \\' "\`echo x\`" '$HOME'`)).toBe("it's|2|'|x|$HOME|")
    expect(await bash("cat <<'END'\n$a 'b' \"c\"\nEND\necho after # not this")).toBe('$a \'b\' "c"\nafter')
    expect(await bash('f() { return 4; }; f')).toContain('Exit code 4.')
    expect(await bash("set -e; trap 'echo bye' EXIT; false; echo never")).toBe('bye\n[Exit code 1.]')
    expect(await bash('exec 3>x; echo mine >&3; cat x')).toBe('mine')
    expect(await bash('no-such-command-here')).toMatch(/line 1: no-such/)
    for (const broken of ['if (', "echo '", 'eval "\'"', 'cat <(', '}']) {
      expect(await bash(broken)).toMatch(/Exit code [12]\.\]$/)
    }
  })

  it('may put another program in the place of the shell, or close its output', async () => {
    const { bash, cwd } = commandTools()
    expect(await bash('mkdir sub; cd sub; exec sh -c "echo there; exit 4"')).toBe('there\n[Exit code 4.]')
    expect(await bash('pwd')).toBe(cwd)
    expect(await bash('exec >&- 2>&-; echo x; cd sub')).toBe(`[No output.]\n[The working folder is now ${cwd}/sub.]`)
  })

  it('may run beside others, each with its own output', async () => {
    const { bash } = commandTools()
    const count = (word: string) =>
      `for n in 1 2 3 4 5; do echo ${word}; done; until [ -e ${word} ]; do touch a b; done`
    const [a, b] = await Promise.all([bash(count('a')), bash(count('b'))])
    expect([a, b]).toEqual(['a\na\na\na\na', 'b\nb\nb\nb\nb'])
  })

  it('may print into what it calls /dev/stdout and /dev/stderr', async () => {
    expect(await bash('echo a > /dev/stdout; echo b > /dev/stderr; echo c | tee /dev/stderr')).toBe('a\nb\nc\nc')
  })

  it('has no input and no terminal', async () => {
    expect(await bash('cat; read line; echo "read: $?"')).toBe('read: 1')
    expect(await bash('tty; test -t 1 || echo none')).toBe('not a tty\nnone')
    expect(await bash('(: < /dev/tty) 2> /dev/null || echo none')).toBe('none')
  })

  it('comes without colours and without NUL characters', async () => {
    expect(await bash("printf '\\033[31mred\\033[0m \\033]0;title\\007 a\\0b'")).toBe('red  a\u2400b')
  })

  it.runIf(hasGit)('waits for no editor that Git is set to', async () => {
    const { bash } = commandTools({ env: { GIT_CONFIG_GLOBAL: '/dev/null' } })
    await bash(
      'git init -q; git config user.email a@example.com; git config user.name a; git config core.editor "sleep 60;:"',
    )
    await bash('git commit -q --allow-empty -m message')
    expect(await bash('git commit -q --amend --allow-empty; git log --format=%s', { timeout: 20_000 })).toBe('message')
  })

  it('is refused where it cannot be one', async () => {
    for (const input of [{}, { command: '' }, { command: 5 }, { command: 'true', timeout: 0 }, { command: 'a\0b' }]) {
      expect(await call('Bash', input)).toMatchObject({ isError: true })
    }
  })

  it('may be long, up to what the system takes', async () => {
    expect(await bash(`echo ${'ä'.repeat(60_000)} | wc -c`)).toBe('120001')
    const long = { command: `echo ${'漢'.repeat(60_000)}` }
    expect(await call('Bash', long)).toMatchObject({ isError: true, text: expect.stringMatching('too long') })
  })

  it('sees only variables that are named', async () => {
    const secrets = [
      'ANTHROPIC_API_KEY',
      'CLAUDE_CODE_OAUTH_TOKEN',
      'AWS_SECRET_ACCESS_KEY',
      'GITHUB_TOKEN',
      'MY_KEY',
      'LC_SECRET',
    ]
    for (const name of secrets) process.env[name] = 'secret'
    process.env.LC_TIME = 'C'
    try {
      const { bash } = commandTools()
      const own = commandTools({ env: { MY_KEY: 'given', LANG: undefined, TERM: 'xterm' } })
      const names = ['PATH', 'HOME', 'LC_TIME', 'TERM']
      expect(await bash('env')).not.toContain('secret')
      for (const name of names) expect(await bash('env')).toMatch(new RegExp(`^${name}=`, 'm'))
      const text = await own.bash('env')
      expect(text).toContain('MY_KEY=given')
      expect(text).toContain('TERM=xterm')
      expect(text).not.toMatch(/secret|^LANG=/m)
    } finally {
      for (const name of [...secrets, 'LC_TIME']) delete process.env[name]
    }
  })

  it('runs in sh where that is the shell', async () => {
    const { bash } = commandTools({ shell: '/bin/sh' })
    expect(await bash('cd /; exit 3')).toMatch(/Exit code 3.*\n.*working folder is/)
    expect(await bash('pwd')).not.toBe('/')
  })

  it('that cannot be started says why', async () => {
    const { call } = commandTools({ shell: '/no/such/shell' })
    expect(await call('Bash', { command: 'true' })).toMatchObject({
      isError: true,
      text: expect.stringMatching('ENOENT'),
    })
    expect(cwd).toBeTruthy()
  })
})

describe('the working folder', () => {
  it('stays where a command left it', async () => {
    const { bash, cwd } = commandTools()
    expect(await bash('mkdir -p "a b/c"; cd "a b/c"; echo done')).toBe(
      `done\n[The working folder is now ${cwd}/a b/c.]`,
    )
    expect(await bash('pwd')).toBe(`${cwd}/a b/c`)
    expect(await bash('cd ..; exit 2')).toBe(`[No output.]\n[Exit code 2.]\n[The working folder is now ${cwd}/a b.]`)
    expect(await bash('(cd c); pwd')).toBe(`${cwd}/a b`)
    expect(await bash("mkdir $'new\\nline '; cd $'new\\nline '")).toContain('is now')
    expect(await bash('pwd')).toBe(`${cwd}/a b/new\nline`)
  })

  it('is known although a command has a trap of its own, whose errors and exit code count', async () => {
    for (const shell of ['/bin/sh', undefined]) {
      const { bash, cwd } = commandTools({ shell })
      const text = await bash(`mkdir sub; trap 'echo bye >&2; exit 9' EXIT; set -eu; cd sub`)
      expect(text).toBe(`bye\n[Exit code 9.]\n[The working folder is now ${cwd}/sub.]`)
      expect(await bash('set -x; cd ..; ! true')).toMatch(
        /^\+* ?\+ cd \.\.\n\++ true\n\[Exit code 1\.\]\n\[The working folder is now/,
      )
    }
  })

  it('goes back to the first when a command ends outside of the folders', async () => {
    const { bash, cwd, top } = commandTools()
    mkdirSync(join(cwd, 'sub'))
    symlinkSync(top, join(cwd, 'up'))
    await bash('cd sub')
    for (const way of ['/', '..; cd ..', '../up', '"$HOME"', '/proc/self/root/etc']) {
      expect(await bash(`cd ${way}`), way).toContain(`may be used (${cwd}): the working folder is ${cwd} again.]`)
      expect(await bash('pwd')).toBe(cwd)
      await bash('cd sub')
    }
  })

  it('may be in an added folder', async () => {
    const other = commandTools().cwd
    const { bash } = commandTools({ additionalDirectories: [other] })
    await bash(`cd ${other}`)
    expect(await bash('pwd')).toBe(other)
  })

  it('that was removed is replaced by the first, where the command that was meant for it does not run', async () => {
    const { bash, call, cwd } = commandTools()
    await bash('touch kept; mkdir sub; cd sub')
    rmSync(join(cwd, 'sub'), { recursive: true })
    expect(await call('Bash', { command: 'rm -f *' })).toMatchObject({
      isError: true,
      text: expect.stringContaining(`${cwd}/sub does not exist any more, so nothing was run: it is ${cwd} again.`),
    })
    expect(await bash('pwd; ls')).toBe(`${cwd}\nkept`)
    expect(await bash('mkdir gone; cd gone; rmdir ../gone')).toBe('[No output.]')
    expect(await bash('pwd')).toBe(cwd)
    rmSync(cwd, { recursive: true })
    expect(await call('Bash', { command: 'pwd' })).toMatchObject({
      isError: true,
      text: expect.stringMatching('exist any'),
    })
  })
})

describe('output', () => {
  it('that is long is shown from its beginning and its end, and all of it is in a file', async () => {
    const { bash } = commandTools()
    const all = Array.from({ length: 20_000 }, (_, n) => n + 1).join('\n')
    const text = await bash('seq 20000')
    const [, head = '', bytes, file = '', tail = ''] =
      /^(.*)\n\[(\d+) bytes here are cut\. All of the output is in (\S+)\.\]\n(.*)$/s.exec(text) ?? []
    expect(all.startsWith(`${head}\n`)).toBe(true)
    expect(all.endsWith(`\n${tail}`)).toBe(true)
    expect(head.length + Number(bytes) + tail.length).toBe(all.length - 1)
    expect(head.length + tail.length).toBeLessThanOrEqual(30_000)
    expect(head.length).toBeGreaterThan(8_900)
    expect(tail.length).toBeGreaterThan(20_900)
    expect(readFileSync(file, 'utf8')).toBe(`${all}\n`)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(await bash(`grep -n '^15000$' ${file}`)).toBe('15000:15000')
    expect(await bash("head -c 40000 /dev/zero | tr '\\0' x")).toMatch(/^x{9000}\n\[10000 bytes here[^\n]*\nx{21000}$/)
  })

  it('of a line that is written over is all that it has said', async () => {
    const { bash } = commandTools()
    expect(await bash("printf 'one\\rtwo\\rthree'")).toBe('one\ntwo\nthree')
    expect(await bash("printf 'error: no such host\\rretrying 1\\rretrying 2\\rdone'")).toBe(
      'error: no such host\nretrying 2\ndone',
    )
  })

  it('of a quarter of a gigabyte takes no memory', async () => {
    const { bash } = commandTools()
    const before = process.memoryUsage()
    let most = 0
    const timer = setInterval(() => {
      most = Math.max(most, process.memoryUsage().arrayBuffers)
    }, 5)
    expect(await bash("head -c 250000000 /dev/zero | tr '\\0' x; echo end")).toMatch(/end$/)
    clearInterval(timer)
    expect(most - before.arrayBuffers).toBeLessThan(64e6)
  })
})

describe('time', () => {
  it.runIf(process.platform === 'linux')(
    'is up for daemons, too, that are born while the command is being stopped',
    async () => {
      const { bash } = commandTools()
      const seconds = String(5_000_000 + Math.floor(Math.random() * 1_000_000))
      const born = () =>
        readdirSync('/proc').filter((id) => {
          try {
            return /^\d+$/.test(id) && readFileSync(`/proc/${id}/cmdline`, 'utf8').includes(seconds)
          } catch {
            return false
          }
        })
      for (let round = 0; round < 3; round++) {
        const text = await bash(`f() { while :; do (setsid sleep ${seconds} &); sleep 0.02; done; }; f`, {
          timeout: 300,
        })
        expect(text).toContain('Stopped after 300 ms')
        expect(born()).toEqual([])
      }
    },
  )

  it('is up after the timeout, and what was printed is kept', async () => {
    const { bash } = commandTools()
    expect(await bash('echo start; sleep 60', { timeout: 100 })).toBe('start\n[Stopped after 100 ms: its time was up.]')
  })

  it('has a default and an upper limit', async () => {
    expect(await commandTools({ timeoutMs: 50 }).bash('sleep 60')).toContain('Stopped after 50 ms')
    expect(await commandTools({ maxTimeoutMs: 50 }).bash('sleep 60', { timeout: 9e9 })).toContain('Stopped after 50 ms')
  })

  it('must be a number that a timer takes', () => {
    for (const limit of ['timeoutMs', 'maxTimeoutMs', 'maxOutputBytes', 'killAfterMs']) {
      for (const value of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31]) {
        expect(() => commandTools({ [limit]: value })).toThrow(ConfigError)
      }
    }
  })
})

describe('the description', () => {
  const describing = (options: BashOptions) => {
    const { definition } = bashTool({ cwd: commandTools().cwd, ...options }, createBackgroundTasks())
    return (definition as { description?: string }).description
  }

  it('is the usual one with the usual limits', () => {
    expect(describing({})).toBe(bashDefinition.description)
  })

  it('names other limits, and a sandbox', () => {
    const limits = describing({ timeoutMs: 90_000, maxTimeoutMs: 60_000, maxOutputBytes: 5_000 })
    expect(limits).toMatch(/: 60,000 unless said otherwise, at most 60,000\..* about 5,000 characters/)
    expect(limits).not.toContain('sandbox')
    expect(describing({ sandbox: { wrapWithSandbox: (command) => command } })).toContain('in a sandbox')
  })
})

describe('a sandbox', () => {
  it('runs every command, and is told when it is over', async () => {
    const seen: unknown[] = []
    const sandbox = {
      wrapWithSandbox: async (command: string, shell?: string) =>
        `INSIDE=yes; export INSIDE; exec ${shell} -c '${command.replaceAll("'", "'\\''")}'`,
      cleanupAfterCommand: () => seen.push('over'),
    }
    const { bash, cwd } = commandTools({ sandbox })
    expect(await bash('echo "$INSIDE"; mkdir a; cd a')).toBe(`yes\n[The working folder is now ${cwd}/a.]`)
    expect(seen).toEqual(['over'])
  })

  it('is told as often as it was asked, whatever became of the command', async () => {
    let open = 0
    const controller = new AbortController()
    const sandbox = {
      wrapWithSandbox(command: string) {
        open++
        if (command.includes('aborted')) controller.abort()
        return command.includes('long') ? `${command} ${' '.repeat(200_000)}` : command
      },
      cleanupAfterCommand: () => {
        open--
      },
    }
    const { bash, call, tasks } = commandTools({ sandbox, shell: undefined })
    const nowhere = commandTools({ sandbox, shell: '/no/such/shell' })
    await bash('true')
    expect(await bash('echo long')).toContain('too long')
    await call('Bash', { command: 'echo aborted' }, controller.signal)
    await nowhere.bash('true')
    await bash('true', { run_in_background: true })
    await tasks.get('bash_1').ended
    await tasks.close()
    expect(await bash('true', { run_in_background: true })).toContain('Nothing can be started')
    await until(() => open === 0)
  })

  it('that fails lets nothing run', async () => {
    const sandbox = { wrapWithSandbox: () => Promise.reject(new Error('no bubblewrap here')) }
    const { call, cwd } = commandTools({ sandbox })
    expect(await call('Bash', { command: 'touch a' })).toMatchObject({
      isError: true,
      text: expect.stringMatching('bubble'),
    })
    expect(existsSync(join(cwd, 'a'))).toBe(false)
  })
})

it('needs folders that exist', () => {
  expect(() => bashTool({ cwd: '/no/such/folder' }, createBackgroundTasks())).toThrow(ConfigError)
})
