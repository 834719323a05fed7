import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type APIError,
  AuthenticationError,
  BillingError,
  errorFromJSON,
  errorToJSON,
  InvalidRequestError,
  isEnjambError,
  MaxOutputTokensError,
  parseUsageLimit,
  RateLimitError,
  ServerError,
} from '@enjamb/core'
import { createMockServer, script, type Turn } from '@enjamb/testing'
import { defineTool, TurnLimitError } from '@enjamb/tools'
import { describe, expect, it, onTestFinished } from 'vitest'
import { argument, type Step, setUpClaude } from '../../test/claude/set-up-claude.ts'
import { type AgentOptions, createAgent, type Entry, memoryStore, type Session } from '../index.ts'
import { toLog, toMetadata } from '../record/index.ts'
import { ClaudeProgramError, cliBackend, sessionTranscript } from './index.ts'
import { projectName } from './transcript/transcript-file.ts'

/** What chia's `ClaudeCodeLLM` calls things, and what they are here; each name is tried below, in the test of its row. */

async function setUpAPI(turns: Turn[], options: AgentOptions = {}) {
  const server = await createMockServer({ script: script(turns) })
  onTestFinished(() => server.close())
  const agent = createAgent({ apiKey: 'k', baseURL: server.url, retry: { maxRetries: 0 }, cache: false, ...options })
  return { agent, server }
}

async function entriesOf(session: Session): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const entry of session.entries()) entries.push(entry)
  return entries
}

const ended = (text: string, more: object = {}) =>
  `${JSON.stringify({ type: 'result', subtype: 'success', is_error: false, result: text, ...more })}\n`
const failed = (text: string, more: object = {}): Step => ({ write: ended(text, { is_error: true, ...more }), exit: 1 })

async function failureOf(step: Step, options = {}) {
  const set = setUpClaude([step], { retries: 0, ...options })
  await using session = await set.agent.session()
  const error = await session
    .send('Hi.')
    .final()
    .catch((error) => error)
  return { ...set, error, entries: await entriesOf(session) }
}

describe('what ClaudeCodeLLM calls by another name', () => {
  it('70: ClaudeCodeLLM(backend="cli"|"api"), one interface', async () => {
    const { agent } = setUpClaude([{ lines: 'text' }])
    const { agent: api } = await setUpAPI(['Hello there.'], { backend: 'api' })
    for (const one of [agent, api]) {
      await using session = await one.session()
      expect(await session.send('Say hello.').final()).toMatchObject({ status: 'completed', text: 'Hello there.' })
      expect(session.messages).toHaveLength(2)
    }
  })

  it('71, 72, 98: QueryResult(result, returncode, stderr, stream_result, success), .session_transcript, .session_transcript_path', async () => {
    const { agent, store } = setUpClaude([{ lines: 'text', stderr: 'a warning\n' }])
    const task = await agent.task('Say hello.', { id: 't' }).final()
    const entries: Entry[] = []
    for await (const entry of store.read('t')) entries.push(entry)
    const note = entries.findLast((entry) => entry.type === 'note' && entry.name === 'claude')
    const transcript = await sessionTranscript(store, 't')
    const result = {
      result: task.result.summary,
      success: task.status === 'completed',
      returncode: (note as unknown as { data: { exitCode: number } }).data.exitCode,
      stream_result: toLog(entries),
      session_transcript: transcript?.bytes,
      session_transcript_path: transcript?.path,
    }
    expect(result).toMatchObject({ result: 'Hello there.', success: true, returncode: 0 })
    expect(result.stream_result).toContain('[stderr] a warning\n')
    expect(new TextDecoder().decode(result.session_transcript)).toContain('Say hello.')
    expect(result.session_transcript_path).toMatch(/\/projects\/.+\.jsonl$/)
  })

  it('73, 74, 78: ClaudeCodeError(error_type, exit_code, raw_message), UnknownClaudeError(stderr), across processes', async () => {
    const { error } = await failureOf({ exit: 7, stderr: 'it broke\n' })
    expect(error).toBeInstanceOf(ClaudeProgramError)
    const again = errorFromJSON(JSON.parse(JSON.stringify(errorToJSON(error))))
    for (const one of [error, again]) {
      expect(isEnjambError(one)).toBe(true)
      expect(one).toMatchObject({ code: 'claude_program', exitCode: 7, stderr: 'it broke\n' })
      expect(one.message).toContain('it broke')
    }
  })

  it('75, 79: RateLimitError.reset_time, parse_rate_limit_reset', async () => {
    const { error } = await failureOf(failed("You've hit your session limit · resets 8:30pm (Asia/Tokyo)"))
    expect(error).toBeInstanceOf(RateLimitError)
    expect(error.resetsAt.toISOString()).toMatch(/T11:30:00/)
    expect(parseUsageLimit('5-hour limit reached ∙ resets 12am (UTC)')?.resetsAt).toBeInstanceOf(Date)
  })

  it('76, 110: AuthenticationError, BillingError, InvalidRequestError, ServerError, _translate_api_error', async () => {
    const kinds: [string, number, string, typeof APIError][] = [
      ['authentication_failed', 401, 'authentication_error', AuthenticationError],
      ['billing_error', 400, 'invalid_request_error', BillingError],
      ['invalid_request', 400, 'invalid_request_error', InvalidRequestError],
      ['server_error', 500, 'api_error', ServerError],
    ]
    for (const [error, api_error_status, api_error_type, Kind] of kinds) {
      const message = { model: '<synthetic>', content: [{ type: 'text', text: 'API Error' }] }
      const said = `${JSON.stringify({ type: 'assistant', error, message, api_error_status })}\n`
      const step = { write: said + ended('API Error', { is_error: true, api_error_status, api_error_type }), exit: 1 }
      expect((await failureOf(step)).error).toBeInstanceOf(Kind)
    }
  })

  it('77: MaxOutputTokensError.partial_text', async () => {
    const { error } = await failureOf({ lines: 'max-output', exit: 1 })
    expect(error).toBeInstanceOf(MaxOutputTokensError)
    expect(error.partial.content.at(-1)).toMatchObject({ type: 'text', text: 'Cut off' })
  })

  it('80: parse_rate_limit_event, only status "rejected", also with digits in a text', () => {
    const event = (status: string) => ({
      type: 'rate_limit_event',
      rate_limit_info: { status, resetsAt: '1900000000' },
    })
    expect(parseUsageLimit(event('rejected'))?.resetsAt).toEqual(new Date(1_900_000_000_000))
    expect(parseUsageLimit(event('allowed_warning'))).toBeUndefined()
  })

  it('81, 86, 87, 94: _sync_transcript, _restore_transcript, _capture_transcript, resume_session, _session_id; [^a-zA-Z0-9] → -', async () => {
    const { agent, calls, store } = setUpClaude([{ lines: 'text' }])
    const first = await agent.session({ id: 'one' })
    await first.send('Say hello.').final()
    const bytes = await first.export()
    await first.close()
    // Another worker: another store, another home.
    const { importSession } = await import('../index.ts')
    const elsewhere = memoryStore()
    await importSession(elsewhere, bytes)
    const worker = setUpClaude([{ lines: 'text' }], {}, { store: elsewhere })
    await using again = await worker.agent.session({ id: 'one', resume: true })
    await again.send('And again.').final()
    const { session } = (await sessionTranscript(store, 'one'))!
    expect(argument(calls()[0]!, '--session-id')).toBe(session)
    expect(argument(worker.calls()[0]!, '--resume')).toBe(session)
    expect(worker.calls()[0]!.before).toContain('Say hello.')
    expect(projectName('/no/such.folder_1')).toBe('-no-such-folder-1')
    expect(readdirSync(join(worker.folder, 'config', 'projects'))).toEqual([projectName(worker.folder)])
  })

  it('82: @ChiaFunction, .chia_remote(), .remote(), .options() (Ray dispatch) is the fleet’s: sessionService, fleetClient', () => {
    const fleet = readFileSync(new URL('../restate/index.ts', import.meta.url), 'utf8')
    for (const name of ['sessionService', 'fleetClient']) expect(fleet).toContain(name)
  })

  it('83, 88, 89, 93: prompt(user_message, tools), _build_cmd, extra_cli_args, projects_cwd, the prompt on stdin, no CLAUDECODE', async () => {
    const { agent, calls, folder } = setUpClaude([{ lines: 'text' }], { args: ['--extra'], system: 'Be kind.' })
    await using session = await agent.session()
    await session.send('--not an option').final()
    const [call] = calls()
    expect(call).toMatchObject({ input: '--not an option', cwd: folder })
    for (const name of [
      '--print',
      '--model',
      '--output-format',
      '--verbose',
      '--system-prompt',
      '--session-id',
      '--extra',
    ])
      expect(call!.args).toContain(name)
    expect(call!.env).not.toHaveProperty('CLAUDECODE')
  })

  it('84: never (rate limit, auth, billing, invalid) · once (max output) · min(5·2^n, 60) s (server) · plain (unknown, timeout → resume)', async () => {
    const { retryPause } = await import('./failure/retry-pause.ts')
    const { cliDefaults } = await import('./cli-backend-options.ts')
    const { OverloadedError, RequestTimeoutError } = await import('@enjamb/core')
    const pauses = (error: Error) =>
      Array.from({ length: 6 }, (_, n) => retryPause(error, n, { ...cliDefaults, retries: 6 }))
    const fields = { status: 500 }
    const never = Array(6).fill(undefined)
    for (const Kind of [RateLimitError, AuthenticationError, BillingError, InvalidRequestError])
      expect(pauses(new Kind('', fields))).toEqual(never)
    expect(pauses(new MaxOutputTokensError('', { partial: {} as never }))).toEqual([0, ...never.slice(1)])
    expect(pauses(new ServerError('', fields))).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000])
    expect(pauses(new OverloadedError('', fields))[1]).toBe(10_000)
    expect(pauses(new RequestTimeoutError(''))).toEqual(Array(6).fill(0))
    expect(pauses(new ClaudeProgramError('', { exitCode: 1, signal: null, stderr: '' }))).toEqual(Array(6).fill(0))
    expect(retryPause(new ServerError('', fields), 3, cliDefaults)).toBeUndefined()
  })

  it('85: all retries failed → success=False rather than a throw, where it is asked for as a task', async () => {
    const { agent, calls } = setUpClaude([{ exit: 1, stderr: 'no\n' }], { retries: 1 })
    const task = agent.task('Hi.')
    const steps: unknown[] = []
    for await (const step of task) steps.push(step)
    expect(await task.final()).toMatchObject({ status: 'failed', error: { code: 'claude_program' } })
    expect(calls()).toHaveLength(2)
    expect(steps).toContainEqual(
      expect.objectContaining({ type: 'retry', content: { attempt: 1, why: expect.stringContaining('no') } }),
    )
  })

  it('90, 91: _build_mcp_config (type: http, url: http://host:port/name/mcp), _build_allowed_tools → mcp__server__tool', async () => {
    const { agent, calls } = setUpClaude([{ lines: 'text' }], { mcp: { db: { url: 'http://host:8000/db/mcp' } } })
    await using session = await agent.session()
    await session.send('Hi.').final()
    const [call] = calls()
    expect(JSON.parse(call!.mcp!.text).mcpServers.db).toMatchObject({ type: 'http', url: 'http://host:8000/db/mcp' })
    expect(argument(call!, '--allowedTools')).toBe('mcp__db')
    expect(toMetadata(await entriesOf(session)).tools).toEqual([])
    const host = (await entriesOf(session)).find((entry) => entry.type === 'note' && entry.name === 'tool_host')
    expect(host).toMatchObject({ data: { name: 'db', hostname: 'host', port: 8_000 } })
  })

  it('92: timeout_seconds=600', async () => {
    const { cliDefaults } = await import('./cli-backend-options.ts')
    expect(cliDefaults.timeoutMs).toBe(600_000)
    expect((await failureOf({ hangs: true }, { timeoutMs: 50 })).error).toMatchObject({ code: 'request_timeout' })
  })

  it('95, 96, 97: the log, log_dir → <logging_name>_<%Y%m%d_%H%M%S>_<session 8>.log, log_all, logging_name', async () => {
    const logs = setUpClaude([{ lines: 'tools', stderr: 'careful\n', write: 'no JSON\n' }])
    const logDir = join(logs.folder, 'logs')
    const agent = createAgent({
      apiKey: 'k',
      backend: cliBackend({ ...logs.settings, logDir, logName: 'claude_code', logAll: true }),
    })
    const session = await agent.session()
    await session.send('Look.').final()
    const entries = await entriesOf(session)
    await session.close()
    const [name = ''] = readdirSync(logDir)
    expect(name).toMatch(new RegExp(`^claude_code_\\d{8}_\\d{6}_${session.id.slice(0, 8)}\\.log$`))
    const log = logs.read(`logs/${name}`)
    for (const line of [
      '='.repeat(80),
      'Prompt #0',
      '[User Message]\nLook.',
      '[Response]\nI look.',
      '[Tool Call: Bash]\nArgs: {"command": "echo hi"',
      '[Tool Result]\nhi',
      '[Tool Result (error)]\nFile does not exist',
      '[Metadata]\nCost: $',
      '[stderr] careful',
      '[UNPARSED] no JSON',
      '-'.repeat(80),
    ])
      expect(log).toContain(line)
    expect(toLog(entries)).toContain('[Tool Result (error)]')
  })

  it('99: _process_event_line: NDJSON events incl. user tool results, result, rate_limit_event, whatever the order of their keys', async () => {
    const { agent } = setUpClaude([
      {
        lines: 'tools',
        write: `${JSON.stringify({ rate_limit_info: { status: 'allowed' }, type: 'rate_limit_event' })}\n`,
      },
    ])
    await using session = await agent.session()
    expect((await session.send('Look.').final()).calls).toHaveLength(2)
  })

  it('100, 101: cost_usd, duration_s, num_turns, input/output/cache tokens, model, tools[{name, hostname, port, node_id}]', async () => {
    const { agent } = setUpClaude([{ lines: 'tools' }])
    await using session = await agent.session()
    await session.send('Look.').final()
    expect(toMetadata(await entriesOf(session))).toMatchObject({
      cost_usd: session.cost?.usd,
      num_turns: 2,
      output_tokens: session.usage?.output_tokens,
      model: 'claude-sonnet-5-5',
      tools: [
        { name: 'Bash', calls: 1, errors: 0, hostname: null },
        { name: 'Read', calls: 1, errors: 1 },
      ],
    })
  })

  const go = defineTool({ name: 'go', description: 'Goes.', input: { type: 'object' }, run: () => 'gone' })

  it('102–109, 111, 112 of the API backend: max_tool_iterations, usage summed, the assistant turn verbatim, unknown and failed tools, max_tokens=16000, api_key', async () => {
    const { agent, server } = await setUpAPI(
      [
        {
          thinking: 'Hm.',
          toolCalls: [
            { name: 'go', input: {} },
            { name: 'nothing', input: {} },
          ],
        },
        'Done.',
      ],
      { tools: [go], maxTokens: 16_000, thinking: true, maxTurns: 100 },
    )
    await using session = await agent.session()
    const result = await session.send('Go.').final()
    expect(result).toMatchObject({
      requests: 2,
      calls: [
        { name: 'nothing', isError: true },
        { name: 'go', isError: false },
      ],
    })
    expect(result.usage?.output_tokens).toBe(server.ledger.outputTokens)
    const [first, second] = server.requests.map(({ body }) => body as { max_tokens: number; messages: unknown[] })
    expect(first!.max_tokens).toBe(16_000)
    expect(second!.messages[1]).toMatchObject({
      role: 'assistant',
      content: [{ type: 'thinking' }, { type: 'tool_use' }, { type: 'tool_use' }],
    })
    const short = await setUpAPI([{ toolCalls: [{ name: 'go', input: {} }] }], { tools: [go], maxTurns: 1 })
    await using limited = await short.agent.session()
    expect((await limited.send('Go.').final()).status).toBe('turn_limit')
    expect(TurnLimitError).toBeTypeOf('function')
  })

  it('113: warnings for parameters that a backend ignores', async () => {
    const { warnings } = setUpClaude([], {}, { tools: [go], betas: ['x'] })
    expect(warnings).toEqual([expect.stringContaining('option tools'), expect.stringContaining('option betas')])
  })

  it('114: thread-safe interleaving of stdout and stderr', async () => {
    const { agent } = setUpClaude([{ lines: 'text', chunkBytes: 500, mixed: true }])
    await using session = await agent.session()
    await session.send('Hi.').final()
    for (const line of toLog(await entriesOf(session)).matchAll(/^\[stderr\] (.*)$/gm))
      expect(line[1]).toMatch(/^warning \d+, in two pieces$/)
  })
})
