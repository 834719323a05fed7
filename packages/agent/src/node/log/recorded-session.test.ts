import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMockServer, script, type Turn } from '@enjamb/testing'
import { defineTool } from '@enjamb/tools'
import { BasicTracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace-base'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type AgentOptions, createAgent } from '../../index.ts'
import { writeSpans } from '../../otel/index.ts'
import { createLogFormatter, readRecord, toHTMLTrace, toLog, toMetadata } from '../../record/index.ts'
import { fileStore } from '../index.ts'

const input = { type: 'object', properties: { command: { type: 'string' } } } as const
const run = defineTool({
  name: 'Bash',
  description: 'Runs a command.',
  input,
  run({ command }) {
    if (command === 'false') throw new Error('exit code 1')
    return `ran ${command}`
  },
})

const turns: Turn[] = [
  {
    thinking: 'I try both.',
    text: 'I try.',
    toolCalls: [
      { name: 'Bash', input: { command: 'ls -a' } },
      { name: 'Bash', input: { command: 'false' } },
    ],
  },
  'One of them failed.',
]

/** A session on files with a log beside it, whose names are those of `ClaudeCodeLLM`. */
async function setUp(turnsOf: Turn[], options: AgentOptions = {}) {
  const server = await createMockServer({ script: script(turnsOf) })
  const folder = await mkdtemp(join(tmpdir(), 'enjamb-recorded-'))
  onTestFinished(async () => {
    await server.close()
    await rm(folder, { recursive: true })
  })
  const logDir = join(folder, 'logs')
  const store = fileStore(join(folder, 'sessions'))
  const agent = createAgent({
    apiKey: 'sk-ant-api03-very-secret',
    baseURL: server.url,
    tools: [run],
    retry: { maxRetries: 0 },
    store,
    logDir,
    logName: 'claude_code',
    logAll: true,
    ...options,
  })
  const logs = async () =>
    Promise.all((await readdir(logDir)).sort().map((name) => readFile(join(logDir, name), 'utf8')))
  return { agent, store, logDir, logs }
}

/** Its clock may be a moment behind the journal's. */
const timeless = (log: string) => log.replace(/:\d\d\] Prompt|Duration: [\d.]+s/g, '#')

describe('what ClaudeCodeLLM writes down, of a session of ours', () => {
  it('log_dir, logging_name, log_all: <logging_name>_<%Y%m%d_%H%M%S>_<session 8>.log in its format', async () => {
    const { agent, logDir, logs } = await setUp(turns)
    const session = await agent.session()
    await session.send('Try both.').final()
    await session.close()
    const [name = ''] = await readdir(logDir)
    expect(name).toMatch(new RegExp(`^claude_code_\\d{8}_\\d{6}_${session.id.slice(0, 8)}\\.log$`))
    const [log = ''] = await logs()
    expect(log.split('\n')).toEqual([
      '='.repeat(80),
      expect.stringMatching(/^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] Prompt #0$/),
      '='.repeat(80),
      '',
      '[User Message]',
      'Try both.',
      '',
      '[Thinking]',
      'I try both.',
      '',
      '[Response]',
      'I try.',
      '',
      '[Tool Call: Bash]',
      'Args: {"command": "ls -a"}',
      '',
      '[Tool Call: Bash]',
      'Args: {"command": "false"}',
      '',
      '[Tool Result]',
      'ran ls -a',
      '',
      '[Tool Result (error)]',
      'The tool failed: exit code 1',
      '',
      '[Thinking]',
      expect.any(String),
      '',
      '[Response]',
      'One of them failed.',
      '',
      '[Metadata]',
      expect.stringMatching(
        /^Cost: \$\d\.\d{4} \| Duration: \d+\.\ds \| Turns: 2 \| Input tokens: \d+ .*\| Output tokens: \d+$/,
      ),
      '-'.repeat(80),
      '',
      '',
    ])
  })

  it('stream_result: the same text, from the journal', async () => {
    const { agent, store, logs } = await setUp(turns)
    const session = await agent.session()
    await session.send('Try both.').final()
    await session.close()
    const { entries } = await readRecord(store, session.id)
    expect(timeless(toLog(entries))).toBe(timeless((await logs())[0]!))
  })

  it('log_stream: the log goes wherever its text is put, while it is made', async () => {
    const { agent, store, logs } = await setUp(turns)
    const session = await agent.session()
    const format = createLogFormatter()
    let stream = ''
    const work = session.send('Try both.').final()
    for await (const entry of store.follow!(session.id, 0, new AbortController().signal)) {
      stream += format(entry)
      if (entry.type === 'turn') break
    }
    await work
    await session.close()
    expect(timeless(stream)).toBe(timeless((await logs())[0]!))
  })

  it('logging_level: a logger is told of a log that is lost, and the session goes on', async () => {
    const warnings: string[] = []
    const { agent } = await setUp(turns, { logger: { warn: (message) => void warnings.push(message) } })
    await using session = await agent.session()
    const lease = await agent.store.open('other', { create: true })
    await lease.append([{ type: 'reply' } as never])
    await lease.release()
    expect(warnings).toEqual([expect.stringMatching(/^A log in .*logs cannot be written on: TypeError/)])
    expect((await session.send('Try both.').final()).text).toBe('One of them failed.')
  })

  it('[stderr], [UNPARSED], max_tool_iterations, and how much there is of [User Message], Args and [Tool Result]', async () => {
    let note = async (_name: string, _text: string) => {}
    const noisy = defineTool({
      name: 'Bash',
      description: 'Runs a command.',
      input,
      async run() {
        await note('stderr', 'npm warn old\nnpm warn slow\n')
        await note('unparsed', 'Debugger attached.')
        return 'y'.repeat(2_001)
      },
    })
    const command = 'x'.repeat(3_000)
    const { agent, logs } = await setUp([{ toolCalls: [{ name: 'Bash', input: { command } }] }], {
      tools: [noisy],
      maxTurns: 1,
    })
    const session = await agent.session()
    note = (name, text) => session.note(name, text)
    await session.send('z'.repeat(501)).final()
    await session.close()
    const [log = ''] = await logs()
    const start = '{"command": "'
    for (const text of [
      `[User Message]\n${'z'.repeat(500)}...\n\n`,
      `[Tool Call: Bash]\nArgs: ${start}${'x'.repeat(2_000 - start.length)}\n... [truncated]\n\n`,
      `[Tool Result]\n${'y'.repeat(2_000)}\n... [truncated]\n\n`,
      '[stderr] npm warn old\n[stderr] npm warn slow\n',
      '[UNPARSED] Debugger attached.\n',
      '[DEBUG] Reached max_tool_iterations=1\n[Metadata]\n',
    ]) {
      expect(log).toContain(text)
    }
  })

  it('get_profiler().add_info(metadata): spans are the graph, and a page shows it', async () => {
    const { agent, store } = await setUp(turns)
    const session = await agent.session()
    await session.send('Try both.').final()
    await session.close()
    const { entries } = await readRecord(store, session.id)
    const ended: ReadableSpan[] = []
    const done = async () => {}
    const processor = {
      onStart() {},
      onEnd: (span: ReadableSpan) => void ended.push(span),
      forceFlush: done,
      shutdown: done,
    }
    const provider = new BasicTracerProvider({ spanProcessors: [processor] })
    writeSpans(entries, { tracer: provider.getTracer('profile') })
    await provider.shutdown()
    const root = ended.find(({ name }) => name === 'invoke_agent')!.spanContext().spanId
    const below = ended.filter(({ parentSpanContext }) => parentSpanContext?.spanId === root)
    const chat = 'chat claude-sonnet-5-5'
    expect(below.map(({ name }) => name).sort()).toEqual([chat, chat, 'execute_tool Bash', 'execute_tool Bash'])
    expect(toHTMLTrace(entries)).toContain('<span>tool calls, <span class="bad">1 failed</span>')
  })

  it('log_all=False: what was asked and answered', async () => {
    const { agent, logs } = await setUp(turns, { logAll: false })
    const session = await agent.session()
    await session.send('Try both.').final()
    await session.close()
    expect((await logs())[0]).toMatch(
      /\[User Message\]\nTry both\.\n\n\[Response\]\nI try\.\n\nOne of them failed\.\n\n-{80}\n\n$/,
    )
  })

  it('run metadata: cost_usd, duration_s, num_turns, input_tokens, cache_*, output_tokens, model, tools', async () => {
    const { agent, store } = await setUp(turns)
    const session = await agent.session()
    await session.send('Try both.').final()
    await session.note('tool_host', { name: 'Bash', hostname: 'worker-7', port: 8_000, node_id: 'n1' })
    const { usage, cost } = session
    await session.close()
    const { entries } = await readRecord(store, session.id)
    expect(toMetadata(entries)).toMatchObject({
      cost_usd: cost?.usd,
      num_turns: 2,
      input_tokens: usage?.input_tokens,
      output_tokens: usage?.output_tokens,
      cache_creation_input_tokens: usage?.cache_creation_input_tokens,
      cache_read_input_tokens: usage?.cache_read_input_tokens,
      model: 'claude-sonnet-5-5',
      tools: [{ name: 'Bash', hostname: 'worker-7', port: 8_000, node_id: 'n1', calls: 2, errors: 1 }],
    })
  })

  it('a session that waited, was refused and failed tells so, and nowhere the key', async () => {
    const { agent, store, logs } = await setUp(
      [{ toolCalls: [{ name: 'Bash', input: { command: 'rm -r x' } }] }, 'Then not.', { error: 529 }],
      { permission: () => ({ defer: true }) },
    )
    const session = await agent.session()
    const { pending } = await session.send('Clean up.').final()
    const turn = await session.decide(pending[0]!.id, { allow: false, by: 'Ada', reason: 'x is needed' })
    await turn!.final()
    await session
      .send('More.')
      .final()
      .catch(() => {})
    await session.close()
    const [log = ''] = await logs()
    expect(log).toContain('[DEBUG] Bash waits for approval\n[DEBUG] The turn ended as waiting\n')
    expect(log).toContain('Prompt #0 (resumed)\n')
    expect(log).toContain('[DEBUG] Refused by Ada: x is needed\n')
    expect(log).toContain(
      '[DEBUG] No events parsed.\n[DEBUG] The turn ended as failed: OverloadedError: 529 overloaded_error',
    )
    const { entries } = await readRecord(store, session.id)
    const html = toHTMLTrace(entries)
    expect(html).toContain('<span class="tag">refused by Ada</span>')
    expect(log + html).not.toContain('very-secret')
  })
})
