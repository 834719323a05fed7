import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { createMockServer, type MockServer, script, type Turn } from '@enjamb/testing'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { runTerminal } from './run-terminal.ts'

async function setUp(turns: Turn[]) {
  const server = await createMockServer({ script: script(turns) })
  const folder = mkdtempSync(join(tmpdir(), 'enjamb-terminal-'))
  onTestFinished(async () => {
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return { server, folder, env: { ENJAMB_HOME: join(folder, '.home') } }
}

/** A call of the command, with a pipe at each end. */
async function run(args: string[], { folder, server, env }: Awaited<ReturnType<typeof setUp>>, piped = '') {
  vi.stubEnv('ANTHROPIC_API_KEY', 'key')
  vi.stubEnv('ANTHROPIC_BASE_URL', server.url)
  let out = ''
  let errors = ''
  const code = await runTerminal(['--cwd', folder, ...args], {
    input: Readable.from(piped ? [piped] : []) as NodeJS.ReadStream,
    output: { write: (text: string) => (out += text) } as unknown as NodeJS.WriteStream,
    errors: { write: (text: string) => (errors += text) } as unknown as NodeJS.WriteStream,
    env: { ANTHROPIC_API_KEY: 'key', ...env },
  })
  return { code, out, errors }
}

const write = { name: 'Write', input: { file_path: 'poem.txt', content: 'A line\n' } }

describe('npx @enjamb/agent --print', () => {
  it('answers what it is asked and what is piped in, and goes on with it the next time', async () => {
    const at = await setUp([({ text }) => `You said: ${text}`, ({ params }) => `${params.messages.length} messages`])
    expect(await run(['-p', 'Sum it up.'], at, 'a long text')).toEqual({
      code: 0,
      out: 'You said: Sum it up.\n\na long text\n',
      errors: '',
    })
    expect(await run(['-p', '--continue', 'And now?'], at)).toMatchObject({ code: 0, out: '3 messages\n' })
  })

  it('makes no call that it would have to ask about, but for those that --allow names', async () => {
    const at = await setUp([{ toolCalls: [write] }, 'No.', { toolCalls: [write] }, 'Yes.'])
    expect(await run(['-p', 'Write.'], at)).toMatchObject({ code: 0, out: 'No.\n' })
    expect(existsSync(join(at.folder, 'poem.txt'))).toBe(false)
    expect(await run(['-p', 'Write.', '--allow', 'Write'], at)).toMatchObject({ code: 0, out: 'Yes.\n' })
    expect(readFileSync(join(at.folder, 'poem.txt'), 'utf8')).toBe('A line\n')
  })

  it('gives each event as a line of JSON', async () => {
    const { out } = await run(['-p', '--json', 'Hello'], await setUp(['Hi.']))
    const events = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; seq?: number })
    expect(events.filter(({ seq }) => seq).map(({ type }) => type)).toEqual(['prompt', 'reply', 'turn_end'])
  })

  it('spends no more than --max-cost, and says so by its exit code', async () => {
    const at = await setUp([])
    expect(await run(['-p', '--max-cost', '0.001', 'Hello'], at)).toEqual({
      code: 3,
      out: '',
      errors: expect.stringMatching(/^The answer is not complete: over_budget, This could cost \$0\.1/),
    })
    expect(at.server.requests).toEqual([])
  })

  it.each([
    [['--max-cost', 'much'], 2, '--max-cost is a number of dollars, not much'],
    [['--json'], 2, '--json is for --print'],
    [['-c', '-r', 'x'], 2, '--continue and --resume are one or the other'],
    [['--modle', 'x'], 2, "Unknown option '--modle'"],
    [['-p'], 1, 'There is nothing to answer: give a prompt, or pipe one in.'],
    [['-p', '-r', 'gone', 'x'], 1, 'There is no session gone'],
    [['-p', '-m', 'gpt', 'x'], 1, 'gpt'],
  ])('says in a sentence what is wrong with %j', async (args, code, message) => {
    const result = await run(args, await setUp([]))
    expect(result).toMatchObject({ code, out: '' })
    expect(result.errors).toContain(message)
    expect(result.errors).not.toMatch(/\n {4}at /)
  })

  it('says how to get a key where there is none', async () => {
    vi.stubEnv('ANTHROPIC_CONFIG_DIR', tmpdir())
    let errors = ''
    const streams = {
      input: Readable.from([]),
      output: { write: () => {} },
      errors: { write: (text: string) => (errors += text) },
      env: {},
    }
    expect(await runTerminal(['-p', 'Hello'], streams as unknown as Parameters<typeof runTerminal>[1])).toBe(1)
    expect(errors).toContain('export ANTHROPIC_API_KEY=sk-ant-…')
  })
})

/** A terminal that `script` makes. */
function openTerminal(args: string[], at: { folder: string; server: MockServer; env: object }) {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  const cli = fileURLToPath(new URL('cli.ts', import.meta.url))
  const command = [process.execPath, '--import', tsx, '-C', '@enjamb/source', cli, ...args].join(' ')
  const { PATH = '', HOME = '' } = process.env
  const env = { PATH, HOME, TERM: 'xterm', ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: at.server.url, ...at.env }
  const child: ChildProcess = spawn('script', ['-qec', command, '/dev/null'], { cwd: at.folder, env })
  onTestFinished(() => void child.kill('SIGKILL'))
  let seen = ''
  child.stdout!.on('data', (chunk) => {
    seen += chunk
  })
  return {
    child,
    type: (text: string) => child.stdin!.write(text),
    async shown(text: RegExp) {
      while (!text.test(seen)) await once(child.stdout!, 'data')
      seen = seen.slice(seen.search(text)).replace(text, '')
    },
  }
}

it.runIf(spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0)(
  'npx @enjamb/agent in a terminal shows Markdown, ends an answer at Ctrl-C, asks before it writes, and goes on later',
  { timeout: 90_000 },
  async () => {
    const at = await setUp([
      { text: '**Bold** words. '.repeat(400), eventDelayMs: 20 },
      { text: 'I write it.', toolCalls: [{ ...write, input: { ...write.input, file_path: 'poem.txt' } }] },
      'Written.',
      'Again.',
    ])
    writeFileSync(join(at.folder, 'AGENTS.md'), 'Be short.')
    const first = openTerminal([], at)
    await first.shown(/\/help/)
    first.type('Tell me all.\r')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is bold
    await first.shown(/\x1b\[1mBold\x1b\[22m words\./)
    first.type('\x03')
    await first.shown(/interrupted: Ctrl-C/)
    first.type('Write a poem.\r')
    await first.shown(/Write poem\.txt[\s\S]*\+ A line[\s\S]*Allow it\?/)
    first.type('y\r')
    await first.shown(/Written\.[\s\S]*\$0\.\d{4} in all/)
    expect(readFileSync(join(at.folder, 'poem.txt'), 'utf8')).toBe('A line\n')
    first.type('/cost\r')
    await first.shown(/tokens in[\s\S]*at list prices/)
    first.type('\x04')
    await first.shown(/--resume [\w-]{36}/)
    expect(await once(first.child, 'close')).toEqual([0, null])

    const second = openTerminal(['--continue'], at)
    await second.shown(/Going on with Tell me all\./)
    second.type('More.\r')
    await second.shown(/Again\./)
    expect(JSON.stringify(at.server.requests.at(-1)?.body)).toContain('Be short.')
    second.type('/quit\r')
    expect(await once(second.child, 'close')).toEqual([0, null])
  },
)
