import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { createMockServer, script, type Turn } from '@enjamb/testing'
import { expect, it, onTestFinished } from 'vitest'
import { startPostgres } from '../../test/start-postgres.ts'
import { runExample } from '../run-example.ts'
import { runs } from '../runs.ts'

const example = (name: string) => new URL(name, import.meta.url)

it('the example of a session uses a tool, and remembers', { timeout: 30_000 }, async () => {
  const { out, server } = await runExample(new URL('session.ts', import.meta.url), {
    script: script([{ toolCalls: [{ name: 'Glob', input: { pattern: '*' } }] }, 'NOTES.md', 'That one.']),
    prepare: (cwd) => writeFileSync(join(cwd, 'NOTES.md'), '# Notes\n'),
  })
  expect(out).toMatch(/^Glob \{ pattern: '\*' \}\nNOTES\.md\nThat one\. 0\.\d+\n$/)
  expect(server.requests[2]?.body).toMatchObject({ messages: { length: 5 } })
})

it('a session of many machines has its answer once, and is paid for once', { timeout: 60_000 }, async () => {
  const postgres = await startPostgres()
  onTestFinished(() => postgres.stop())
  const { out, server } = await runExample(example('many-machines.ts'), {
    script: script(['The first two.']),
    runs: [[], []],
    env: { DATABASE_URL: postgres.url },
  })
  const [first, second] = out.trimEnd().split('\n')
  expect(first).toMatch(/^The first two\. 0\.\d+$/)
  expect(second).toBe(first)
  expect(server.requests).toHaveLength(1)
})

it('the claude program works in place of the API, with no other change', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'enjamb-claude-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const standIn = fileURLToPath(new URL('../../packages/agent/test/claude/stand-in.mjs', import.meta.url))
  symlinkSync(standIn, join(folder, 'claude'))
  writeFileSync(join(folder, 'plan.json'), JSON.stringify([{ lines: 'tools' }]))
  const { out } = await runExample(example('claude-program.ts'), {
    script: script(['Nothing has.']),
    runs: [[], ['--backend', 'cli']],
    env: {
      PATH: `${folder}:${process.env.PATH}`,
      CLAUDE_STAND_IN: folder,
      CLAUDE_CONFIG_DIR: join(folder, 'config'),
    },
  })
  const [api, cli] = out.split(/(?<=\n\$0\.\d+\n)/)
  expect(api).toMatch(/^Nothing has\.\n\$0\.\d+\n$/)
  expect(cli).toMatch(/^I look\.Bash \{ command: 'echo hi'.*\n\$0\.\d+\n$/s)
})

it('text goes to a callback as it comes', { timeout: 30_000 }, async () => {
  const { turns, out: expected } = runs['agent/callback']
  const { out } = await runExample(example('callback.ts'), { script: script(turns) })
  expect(out).toMatch(expected)
})

it('hooks add to a prompt, refuse a call, and have a turn go on', { timeout: 30_000 }, async () => {
  const write = (file_path: string) => ({ toolCalls: [{ name: 'Write', input: { file_path, content: 'x' } }] })
  const { out, server } = await runExample(example('hooks.ts'), {
    script: script([
      write('.env'),
      ({ toolResults }) => `${toolResults[0]?.text.includes('secrets are not for you')}, TODO`,
      'Finished.',
    ]),
  })
  expect(out).toBe('completed Finished.\n')
  expect(JSON.stringify(server.requests[0]?.body)).toContain('Today is')
  expect(JSON.stringify(server.requests[2]?.body)).toContain('Finish what is left.')
  expect(JSON.stringify(server.requests[2]?.body)).toContain('true, TODO')
})

it('an approval is given by another process, and the call is made once', { timeout: 60_000 }, async () => {
  const { out, server } = await runExample(example('approve-later.ts'), {
    runs: [[], ['yes'], ['yes']],
    script: script([
      { text: 'I pay.', toolCalls: [{ name: 'refund', id: 'toolu_1', input: { order: '1042', cents: 990 } }] },
      ({ toolResults }) => `Done: ${toolResults[0]?.text}`,
    ]),
  })
  expect(out.split('\n')).toEqual([
    "waiting refund { order: '1042', cents: 990 }",
    expect.stringMatching(/^Done: Paid 990 cents back for 1042 \(order-1042\/\d+\/toolu_1\)\.$/),
    'Nothing waits.',
    '',
  ])
  expect(server.requests).toHaveLength(2)
})

it('a session goes back, with its files, and another one goes on from there', { timeout: 60_000 }, async () => {
  const write = (content: string) => ({ name: 'Write', input: { file_path: 'poem.txt', content } })
  const { out, server } = await runExample(example('rewind.ts'), {
    script: script([
      { toolCalls: [write('Snow.')] },
      'Written.',
      { toolCalls: [write('Sun.')] },
      'Rewritten.',
      'It says: Snow.',
    ]),
  })
  expect(out).toBe('restored poem.txt \nSnow.\nIt says: Snow.\n')
  expect(JSON.stringify(server.requests[4]?.body)).not.toContain('summer')
})

it('the debug view has a line for each event of each layer', { timeout: 30_000 }, async () => {
  const { out } = await runExample(example('debug-view.ts'), {
    script: script([{ toolCalls: [{ name: 'Glob', input: { pattern: '*' } }] }, 'None.']),
  })
  for (const layer of [
    'http     POST',
    'http     200',
    'http     over',
    'stream   message_stop',
    'agent    tool_start',
    'agent    text',
    'journal  intent',
    'journal  turn',
  ]) {
    expect(out).toMatch(new RegExp(`^ +\\d+\\.\\d ${layer}`, 'm'))
  }
})

it('streaming shows its first text long before the whole is there', { timeout: 30_000 }, async () => {
  const { turns, out: expected } = runs['agent/stream-or-not']
  const { out } = await runExample(example('stream-or-not.ts'), { script: script(turns) })
  expect(out).toMatch(expected)
  const [streamed = [], whole = []] = ['│ streamed', "│ 'not streamed'|│ not streamed"].map(
    (row) => (out.split('\n').find((line) => new RegExp(row).test(line)) ?? '').match(/\d+/g)?.map(Number) ?? [],
  )
  expect([streamed.length, whole.length]).toEqual([2, 2])
  expect(whole[0]).toBe(whole[1])
  expect(streamed[0]).toBeLessThan(streamed[1]!)
})

/** Runs an example in a terminal that `script` makes of it, in a folder that is kept from one run to the next. */
async function inTerminal(name: string, args: string[], cwd: string, url: string) {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  const command = [process.execPath, '--import', tsx, '-C', '@enjamb/source', fileURLToPath(example(name)), ...args]
  const { PATH = '', HOME = '' } = process.env
  const env = { PATH, HOME, TERM: 'dumb', ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: url }
  const child = spawn('script', ['-qec', command.join(' '), '/dev/null'], { cwd, env })
  onTestFinished(() => void child.kill('SIGKILL'))
  let seen = ''
  child.stdout.on('data', (chunk) => {
    seen += chunk
  })
  return {
    child,
    type: (text: string) => child.stdin.write(text),
    async shown(text: RegExp) {
      while (!text.test(seen)) await once(child.stdout, 'data')
      seen = seen.slice(seen.search(text)).replace(text, '')
    },
  }
}

it.runIf(spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0)(
  'the terminal chat asks before it writes, ends an answer at Ctrl-C, and goes on after a kill',
  { timeout: 90_000 },
  async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'enjamb-terminal-'))
    const write = { name: 'Write', input: { file_path: join(cwd, 'poem.txt'), content: 'A line' } }
    const turns: Turn[] = [
      { text: 'A long answer. '.repeat(400), eventDelayMs: 20 },
      { text: 'I write it.', toolCalls: [write] },
      'Written.',
    ]
    const server = await createMockServer({ script: script(turns) })
    onTestFinished(async () => {
      rmSync(cwd, { recursive: true, force: true })
      await server.close()
    })
    const first = await inTerminal('terminal-chat.ts', [], cwd, server.url)
    await first.shown(/An empty line ends it/)
    first.type('Tell me all.\n')
    await first.shown(/A long answer\. A long/)
    first.type('\x03')
    await first.shown(/\(interrupted\)/)
    first.type('Write a poem.\n')
    await first.shown(/Allow Write .*\? \[y\/N\]/)
    spawnSync('pkill', ['-9', '-P', String(first.child.pid)])
    await once(first.child, 'close')
    expect(readdirSync(cwd)).toEqual(['.sessions'])

    const [journal = ''] = readdirSync(join(cwd, '.sessions')).filter((name) => name.endsWith('.jsonl'))
    const second = await inTerminal('terminal-chat.ts', ['--resume', journal.slice(0, -6)], cwd, server.url)
    await second.shown(/Allow Write .*\? \[y\/N\]/)
    second.type('y\n')
    await second.shown(/Written\.[^$]*\$0\.\d{4} for this, \$0\.\d{4} in all/)
    second.type('\n')
    expect(await once(second.child, 'close')).toEqual([0, null])
    expect(readdirSync(cwd).sort()).toEqual(['.sessions', 'poem.txt'])
  },
)
