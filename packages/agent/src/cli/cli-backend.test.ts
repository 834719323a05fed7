import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  AuthenticationError,
  BillingError,
  ConfigError,
  InvalidRequestError,
  MaxOutputTokensError,
  NotFoundError,
  OverloadedError,
  RateLimitError,
  RequestTimeoutError,
  ServerError,
} from '@enjamb/core'
import { permissions } from '@enjamb/tools'
import { describe, expect, it, vi } from 'vitest'
import { isRunning, until } from '../../../tools/test/processes.ts'
import { argument, type Call, type Step, setUpClaude } from '../../test/claude/set-up-claude.ts'
import { type AgentEvent, createAgent, type Entry, type Session } from '../index.ts'
import { toLog } from '../record/index.ts'
import { ClaudeProgramError, cliBackend, sessionTranscript } from './index.ts'

async function entriesOf(session: Session): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const entry of session.entries()) entries.push(entry)
  return entries
}

const typesOf = (events: readonly { type: string }[]) => events.map(({ type }) => type)
const limit = (text: string, more: object = {}) =>
  `${JSON.stringify({ type: 'result', subtype: 'success', is_error: true, result: text, session_id: 's', ...more })}\n`

describe('a turn of the claude program', () => {
  it('is told as one of the API, written down, and answered', async () => {
    const { agent, calls } = setUpClaude([{ lines: 'tools' }])
    await using session = await agent.session()
    const events: AgentEvent[] = []
    const turn = session.send('Look.')
    for await (const event of turn) events.push(event)
    const result = await turn.final()
    expect(result).toMatchObject({ status: 'completed', text: 'One of them failed.', requests: 2 })
    expect(result.calls).toMatchObject([
      { name: 'Read', isError: true },
      { name: 'Bash', input: { command: 'echo hi' }, isError: false },
    ])
    expect(typesOf(events).filter((type) => type !== 'text' && type !== 'note')).toEqual([
      ...['prompt', 'tool_call', 'tool_start', 'tool_call', 'tool_start', 'reply'],
      ...['tool_result', 'tool_result', 'reply', 'turn_end'],
    ])
    expect(events.flatMap((event) => (event.type === 'text' ? event.text : [])).join('')).toBe(
      'I look.One of them failed.',
    )
    expect(session.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant'])
    const [call] = calls()
    expect(call).toMatchObject({ input: 'Look.' })
    expect(call!.args.slice(0, 5)).toEqual([
      '--print',
      '--output-format',
      'stream-json',
      '--verbose',
      '--include-partial-messages',
    ])
    expect(call!.args).not.toContain('Look.')
  })

  it('costs what the program says that it costs', async () => {
    const { agent } = setUpClaude([{ lines: 'tools' }])
    await using session = await agent.session()
    const { cost, usage } = await session.send('Look.').final()
    const note = (await entriesOf(session)).find((entry) => entry.type === 'note' && entry.name === 'claude')
    expect(cost?.usd).toBeCloseTo((note as unknown as { data: { costUsd: number } }).data.costUsd, 9)
    expect(usage?.output_tokens).toBeGreaterThan(2)
    expect(session.cost).toEqual(cost)
  })

  it('counts what its own sub-agents use, and shows what they say as their call’s progress', async () => {
    const { agent } = setUpClaude([{ lines: 'sub-agent' }])
    await using session = await agent.session()
    const events: AgentEvent[] = []
    for await (const event of session.send('Have them counted.')) events.push(event)
    const entries = await entriesOf(session)
    const note = entries.find((entry) => entry.type === 'note' && entry.name === 'claude') as
      | { data: { costUsd: number } }
      | undefined
    expect(session.cost?.usd).toBeCloseTo(note!.data.costUsd, 9)
    expect(typesOf(entries)).toContain('spent')
    expect(events.filter(({ type }) => type === 'tool_progress').length).toBeGreaterThan(1)
    expect(session.messages.at(-1)).toMatchObject({ role: 'assistant' })
  })

  it('gives a value where a schema is asked for', async () => {
    const { agent, calls } = setUpClaude([{ lines: 'structured' }])
    await using session = await agent.session()
    const schema = {
      type: 'object',
      properties: { a: { type: 'number' } },
      required: ['a'],
      additionalProperties: false,
    } as const
    const result = await session.send('Give.', { schema, id: 'p' }).final()
    expect(result).toMatchObject({ status: 'completed', value: { a: 1 }, text: '{"a":1}', calls: [] })
    expect(JSON.parse(`${argument(calls()[0]!, '--json-schema')}`)).toMatchObject({ required: ['a'] })
    expect((await session.send('Give.', { schema, id: 'p' }).final()).value).toEqual({ a: 1 })
  })

  it('says what was not permitted, and ends at a limit of turns or of spending', async () => {
    const denied = setUpClaude([{ lines: 'denied' }])
    await using session = await denied.agent.session()
    expect((await session.send('Remove it.').final()).calls).toMatchObject([{ name: 'Bash', isError: true }])
    expect(typesOf(await entriesOf(session))).toContain('note')

    const turns = setUpClaude([{ lines: 'max-turns', exit: 1 }], {}, { maxTurns: 1 })
    await using short = await turns.agent.session()
    expect((await short.send('Hi.').final()).status).toBe('turn_limit')
    expect(argument(turns.calls()[0]!, '--max-turns')).toBe('1')

    const capped = setUpClaude([{ lines: 'max-budget', exit: 1 }])
    const task = await capped.agent.task('Hi.', { maxCost: 0.5 }).final()
    expect(task.status).toBe('over_budget')
    expect(Number(argument(capped.calls()[0]!, '--max-budget-usd'))).toBeCloseTo(0.5)
  })

  it('goes on as a session that the API can go on with', async () => {
    const { agent, store, warnings } = setUpClaude([{ lines: 'tools' }])
    const session = await agent.session({ id: 'mail-42' })
    await session.send('Look.').final()
    await session.close()
    const { createMockServer, script } = await import('@enjamb/testing')
    const server = await createMockServer({ script: script(['I know.']) })
    await using next = await createAgent({ store, apiKey: 'k', baseURL: server.url, cache: false }).session({
      id: 'mail-42',
      resume: true,
    })
    expect((await next.send('And now?').final()).text).toBe('I know.')
    await server.close()
    expect(warnings).toEqual([])
  })
})

describe('the program', () => {
  it('gets the agent’s model, prompt, rules and servers, and of the environment what it needs', async () => {
    vi.stubEnv('CLAUDECODE', '1')
    vi.stubEnv('CLAUDE_CODE_ENTRYPOINT', 'cli')
    vi.stubEnv('GITHUB_TOKEN', 'ghp_secret')
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret')
    vi.stubEnv('ANTHROPIC_ADMIN_KEY', 'secret')
    vi.stubEnv('NODE_OPTIONS', '')
    vi.stubEnv('HTTPS_PROXY', 'http://proxy.test')
    const rules = permissions({
      allow: ['Bash(git status:*)', 'Read'],
      deny: ['WebFetch'],
      ask: ['Write'],
      mode: 'acceptEdits',
    })
    const mcp = {
      files: { command: 'files', args: ['x'], env: { TOKEN: 'secret' } },
      mail: { url: 'https://mail.test/mcp', headers: { authorization: 'Bearer secret' } },
    }
    const { agent, calls } = setUpClaude(
      [{ lines: 'text' }],
      { mcp, args: ['--add-dir', '/extra'], env: { OWN: '1' } },
      {
        model: 'haiku',
        maxTokens: 9_000,
        effort: 'low',
        system: 'You are {model_id}.',
        appendSystem: 'Be brief.',
        permission: rules,
        baseURL: 'http://127.0.0.1:9',
        agents: [{ name: 'checker', description: 'Checks', system: 'Check.', allowTools: ['Read'] }],
      },
    )
    await using session = await agent.session()
    await session.send('Say hello.').final()
    vi.unstubAllEnvs()
    const call = calls()[0]!
    const { env } = call
    expect(argument(call, '--model')).toBe('claude-haiku-5-5')
    expect(argument(call, '--effort')).toBe('low')
    expect(argument(call, '--system-prompt')).toBe('You are claude-haiku-5-5.')
    expect(argument(call, '--append-system-prompt')).toBe('Be brief.')
    expect(argument(call, '--allowedTools')).toEqual(['Bash(git status:*)', 'Read'])
    expect(argument(call, '--disallowedTools')).toBe('WebFetch')
    expect(argument(call, '--permission-mode')).toBe('acceptEdits')
    expect(JSON.parse(`${argument(call, '--settings')}`)).toEqual({ permissions: { ask: ['Write'] } })
    expect(JSON.parse(`${argument(call, '--agents')}`)).toEqual({
      checker: { description: 'Checks', prompt: 'Check.', tools: ['Read'] },
    })
    expect(call.args.slice(-2)).toEqual(['--add-dir', '/extra'])
    expect(env).toMatchObject({
      OWN: '1',
      ANTHROPIC_API_KEY: 'sk-ant-api03-of-the-agent',
      ANTHROPIC_BASE_URL: 'http://127.0.0.1:9',
      CLAUDE_CODE_MAX_OUTPUT_TOKENS: '9000',
      HTTPS_PROXY: 'http://proxy.test',
      PATH: process.env.PATH,
    })
    for (const name of [
      'CLAUDECODE',
      'CLAUDE_CODE_ENTRYPOINT',
      'GITHUB_TOKEN',
      'AWS_SECRET_ACCESS_KEY',
      'ANTHROPIC_ADMIN_KEY',
      'NODE_OPTIONS',
    ])
      expect(env).not.toHaveProperty(name)
    expect(call.mcp?.mode).toBe('600')
    expect(JSON.parse(call.mcp!.text)).toEqual({
      mcpServers: {
        files: { type: 'stdio', command: 'files', args: ['x'], env: { TOKEN: 'secret' } },
        mail: { type: 'http', url: 'https://mail.test/mcp', headers: { authorization: 'Bearer secret' } },
      },
    })
    expect(existsSync(call.mcp!.path)).toBe(false)
    expect(call.args).toContain('--strict-mcp-config')
    expect(call.args.join(' ')).not.toContain('secret')
  })

  it('may call what is named, where no rules say otherwise', async () => {
    const { agent, calls } = setUpClaude(
      [{ lines: 'text' }],
      { mcp: { mail: { url: 'https://mail.test/mcp' } } },
      { allowTools: ['Read', 'Bash', 'mcp__mail__*'], denyTools: ['WebFetch'] },
    )
    await using session = await agent.session()
    await session.send('Say hello.').final()
    const call = calls()[0]!
    expect(argument(call, '--tools')).toEqual(['Read', 'Bash'])
    expect(argument(call, '--allowedTools')).toEqual(['Read', 'Bash', 'mcp__mail__*', 'mcp__mail'])
    expect(argument(call, '--disallowedTools')).toBe('WebFetch')
    // A task’s own list comes on top.
    await agent.task('Say hello.', { allowTools: ['Read'] }).final()
    const [, task] = calls()
    expect(argument(task!, '--tools')).toBe('Read')
    expect(argument(task!, '--disallowedTools')).toEqual(['WebFetch', 'mcp__mail'])
  })

  it('is warned about once for each option that it cannot honour', async () => {
    const { agent, warnings } = setUpClaude(
      [{ lines: 'text' }],
      {},
      {
        thinking: true,
        fallbacks: 'default',
        hooks: { beforeTool: () => {} },
        permission: () => ({ allow: true }),
        cache: true,
      },
    )
    await using session = await agent.session()
    await session.send('Say hello.').final()
    await session.send('Say hello.').final()
    expect(warnings.map((line) => /option (\S+):/.exec(line)?.[1]).sort()).toEqual([
      'cache',
      'fallbacks',
      'hooks.beforeTool',
      'permission',
      'thinking',
    ])
  })

  it('gets images and documents as blocks, text as it is', async () => {
    const { agent, calls } = setUpClaude([{ lines: 'text' }])
    await using session = await agent.session()
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } } as const
    await session.send([{ type: 'text', text: 'What is it?' }, image]).final()
    await session
      .send([
        { type: 'text', text: 'one' },
        { type: 'text', text: '--two' },
      ])
      .final()
    const [first, second] = calls()
    expect(argument(first!, '--input-format')).toBe('stream-json')
    expect(JSON.parse(first!.input)).toMatchObject({
      type: 'user',
      message: { content: [{ text: 'What is it?' }, image] },
    })
    expect(second!.input).toBe('one\n\n--two')
  })

  it('has to be there', async () => {
    const { agent } = setUpClaude([{}], { command: 'no-such-claude' })
    await using session = await agent.session()
    await expect(session.send('Hi.').final()).rejects.toThrow(
      /^command must be the claude program.*npm install -g @anthropic-ai\/claude-code/,
    )
    expect(() => cliBackend({ timeoutMS: 3 } as never)).toThrow(/did you mean timeoutMs/)
    expect(() => cliBackend({ retries: -1 })).toThrow(ConfigError)
    expect(() => createAgent({ backend: 'cli' as never })).toThrow(/cliBackend\(\) of @enjamb\/agent\/cli/)
  })
})

describe('a session of the program', () => {
  const session = (call: Call) => argument(call, '--resume') ?? argument(call, '--session-id')

  it('is begun once and resumed then, under the id of ours or one made of it', async () => {
    const { agent, calls } = setUpClaude([{ lines: 'text' }])
    const id = '11111111-2222-4333-8444-555555555555'
    await using own = await agent.session({ id })
    await own.send('One.').final()
    await own.send('Two.').final()
    await using named = await agent.session({ id: 'mail-42' })
    await named.send('Three.').final()
    const [first, second, third] = calls()
    expect(argument(first!, '--session-id')).toBe(id)
    expect(argument(second!, '--resume')).toBe(id)
    expect(session(third!)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/)
  })

  it('goes on in another folder, and on a machine that has none of its files', async () => {
    const { agent, calls, folder, store } = setUpClaude([{ lines: 'text' }])
    const first = await agent.session({ id: 'moved' })
    await first.send('One.').final()
    await first.send('Two.').final()
    await first.close()
    const before = await sessionTranscript(store, 'moved')
    rmSync(join(folder, 'config'), { recursive: true })
    mkdirSync(join(folder, 'elsewhere'))
    await using again = await agent.session({ id: 'moved', resume: true, cwd: join(folder, 'elsewhere') })
    await again.send('Three.').final()
    const last = calls().at(-1)!
    expect(last.cwd).toBe(join(folder, 'elsewhere'))
    expect(argument(last, '--resume')).toBe(before!.session)
    expect(last.before).toBe(new TextDecoder().decode(before!.bytes))
    expect(last.before).toMatch(/One\..*\n.*Two\./)
  })

  it('moves with its export, forks without touching the other, and goes back with a rewind', async () => {
    const { agent, calls } = setUpClaude([{ lines: 'text' }])
    await using first = await agent.session({ id: 'first' })
    await first.send('One.').final()
    const { seq } = (await entriesOf(first)).at(-1)!
    await first.send('Two.').final()
    await using fork = await first.fork({ at: seq, id: 'second' })
    await fork.send('Other.').final()
    await first.send('Three.').final()
    await first.rewind({ to: seq })
    await first.send('Instead.').final()
    const [, , other, three, instead] = calls()
    expect(session(other!)).not.toBe(session(three!))
    expect(other!.before).toMatch(/One/)
    expect(other!.before).not.toMatch(/Two/)
    expect(three!.before).toMatch(/Two/)
    expect(three!.before).not.toMatch(/Other/)
    expect(instead!.before).not.toMatch(/Two|Three/)
  })

  it('goes on after a crash of ours with what the program had done, and begins again where it had done nothing', async () => {
    const { agent, calls, store } = setUpClaude([{ lines: 'tools' }, { lines: 'text' }])
    const lease = await store.open('crashed', { create: true })
    await lease.release()
    const first = await agent.session({ id: 'crashed', resume: 'if-exists' })
    const turn = first.send('Look.')
    const lost = await store.open('other', { create: true })
    await lost.release()
    // The journal of a turn that was cut off behind its first reply: as after kill -9.
    await turn.final()
    await first.close()
    const { memoryStore } = await import('../index.ts')
    const cut = memoryStore()
    const copy = await cut.open('crashed', { create: true })
    for await (const entry of store.read('crashed')) {
      if (entry.type === 'note') break
      const { v: _, seq: __, ...body } = entry
      await copy.append([body])
      if (entry.type === 'reply') break
    }
    await copy.release()
    const { settings } = setUpClaude([{}])
    const again = createAgent({
      apiKey: 'k',
      store: cut,
      backend: cliBackend({ ...settings, env: calls()[0]!.env, cwd: calls()[0]!.cwd }),
    })
    await using session = await again.session({ id: 'crashed', resume: true })
    const result = await session.continue()!.final()
    expect(result.status).toBe('completed')
    const last = calls().at(-1)!
    expect(argument(last, '--resume')).toBeTruthy()
    expect(last.input).toMatch(/^The last run was cut off\. Go on where it ended/)
    expect(session.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'user', 'assistant'])
  })
})

describe('a failure of the program', () => {
  const kinds: [name: string, Kind: new (...args: never[]) => Error, runs: number][] = [
    ['rate-limit', RateLimitError, 1],
    ['authentication', AuthenticationError, 1],
    ['billing', BillingError, 1],
    ['invalid-request', InvalidRequestError, 1],
    ['unknown-model', NotFoundError, 1],
    ['overload', OverloadedError, 2],
    ['server-error', ServerError, 2],
    ['max-output', MaxOutputTokensError, 2],
  ]
  it.concurrent.for(kinds)(
    '%s is an error of its class, tried again as often as is of use',
    async ([lines, Kind, runs], { onTestFinished }) => {
      const { agent, calls } = setUpClaude([{ lines, exit: 1 }], { retries: 1 }, {}, onTestFinished)
      const session = await agent.session()
      const error = await session
        .send('Hi.')
        .final()
        .catch((error) => error)
      expect(error).toBeInstanceOf(Kind)
      expect(calls()).toHaveLength(runs)
      await session.close()
    },
  )

  const resetsAt = 1_900_000_000
  const limits: [name: string, step: Step][] = [
    [
      'an event',
      {
        write: `${JSON.stringify({ rate_limit_info: { status: 'rejected', resetsAt }, type: 'rate_limit_event' })}\n${limit("You've hit your limit")}`,
      },
    ],
    ['its words', { write: limit(`Claude AI usage limit reached|${resetsAt}`) }],
    ['its words on stderr alone', { stderr: `Claude AI usage limit reached|${resetsAt}\n` }],
  ]
  it.concurrent.for(limits)(
    'of a usage limit says when it ends, and is not tried again: by %s',
    async ([_, step], { onTestFinished }) => {
      const { agent, calls } = setUpClaude([{ exit: 1, ...step }], {}, {}, onTestFinished)
      await using session = await agent.session()
      const error = await session
        .send('Hi.')
        .final()
        .catch((error) => error)
      expect(error).toBeInstanceOf(RateLimitError)
      expect(error.resetsAt).toEqual(new Date(resetsAt * 1_000))
      expect(calls()).toHaveLength(1)
    },
  )

  it('that is no limit is none: an event that warns, and words in an answer', async () => {
    const warning = JSON.stringify({
      type: 'rate_limit_event',
      rate_limit_info: { status: 'allowed_warning', resetsAt },
    })
    const said = JSON.stringify({
      type: 'result',
      subtype: 'success',
      is_error: false,
      result: "You've hit your limit · resets 3pm (UTC)",
    })
    const { agent } = setUpClaude([{ write: `${warning}\n${said}\n` }])
    await using session = await agent.session()
    expect((await session.send('Hi.').final()).text).toContain('hit your limit')
  })

  it('that is unknown has its exit code and what it wrote there, and is tried again plainly', async () => {
    const { agent, calls } = setUpClaude([{ exit: 3, stderr: "error: unknown option '--nonsense'\n" }], { retries: 1 })
    await using session = await agent.session()
    const error = await session
      .send('Hi.')
      .final()
      .catch((error) => error)
    expect(error).toBeInstanceOf(ClaudeProgramError)
    expect(error).toMatchObject({
      code: 'claude_program',
      exitCode: 3,
      signal: null,
      stderr: "error: unknown option '--nonsense'\n",
    })
    expect(calls()).toHaveLength(2)
    expect(calls()[1]!.before).toBeUndefined()
    expect(toLog(await entriesOf(session))).toContain("[stderr] error: unknown option '--nonsense'")
  })

  it('with exit code 0 and no result is one, too', async () => {
    const { agent } = setUpClaude([{ lines: 'text', upTo: 3 }], { retries: 0 })
    await using session = await agent.session()
    await expect(session.send('Hi.').final()).rejects.toMatchObject({ code: 'claude_program', exitCode: 0 })
  })

  it('after something was answered is gone on with, and nothing done twice', async () => {
    const { agent, calls } = setUpClaude([
      { lines: 'tools', upTo: 32, exit: 1, stderr: 'crashed\n' },
      { lines: 'text' },
    ])
    await using session = await agent.session()
    const result = await session.send('Look.').final()
    expect(result).toMatchObject({ status: 'completed', text: 'Hello there.' })
    const [first, second] = calls()
    expect(argument(second!, '--resume')).toBe(argument(first!, '--session-id'))
    expect(second!.input).toMatch(/^The last run was cut off/)
    const entries = await entriesOf(session)
    expect(entries.filter(({ type }) => type === 'result')).toHaveLength(2)
  })

  it('of a credential is not tried ten times over by the program itself; one that passes is', async () => {
    const again = (error: string, error_status: number) =>
      `${JSON.stringify({ type: 'system', subtype: 'api_retry', attempt: 1, max_retries: 10, error, error_status })}\n`
    const { agent, calls } = setUpClaude([
      { write: again('overloaded', 529) + again('authentication_failed', 401), hangs: true },
    ])
    const task = await agent.task('Hi.').final()
    expect(task).toMatchObject({ status: 'failed', error: { name: 'AuthenticationError', code: 'authentication' } })
    expect(calls()).toHaveLength(1)
  })
})

describe('a run of the program', () => {
  const childOf = (read: (name: string) => string) => Number(read('child.pid'))

  it('has one deadline, however much it streams, and is resumed after that', async () => {
    const slow: Step = { lines: 'tools', upTo: 30, hangs: true, deaf: true, child: true }
    // However long it takes until all of it is there.
    const { agent, calls, read } = setUpClaude([slow, { lines: 'text' }], { timeoutMs: 500, retries: 100 })
    await using session = await agent.session()
    const result = await session.send('Look.').final()
    expect(result.text).toBe('Hello there.')
    expect(argument(calls().at(-1)!, '--resume')).toBeTruthy()
    expect([...calls().map(({ pid }) => pid), childOf(read)].filter(isRunning)).toEqual([])
  })

  it('that is never done in time is a timeout', async () => {
    const { agent } = setUpClaude([{ hangs: true }], { timeoutMs: 100, retries: 1 })
    await using session = await agent.session()
    await expect(session.send('Hi.').final()).rejects.toBeInstanceOf(RequestTimeoutError)
    const retries = (await entriesOf(session)).filter(
      (entry) => entry.type === 'note' && entry.name === 'backend_retry',
    )
    expect(retries).toHaveLength(1)
  })

  it('ends with all that it has started when the turn is interrupted, and what it had said is kept', async () => {
    const { agent, calls, read, folder } = setUpClaude(
      [{ lines: 'tools', upTo: 10, hangs: true, deaf: true, child: 'pipes' }],
      { mcp: { a: { url: 'https://a.test/mcp' } } },
    )
    await using session = await agent.session()
    const turn = session.send('Look.')
    for await (const { type } of turn) {
      if (type !== 'text') continue
      await until(() => existsSync(join(folder, 'child.pid')))
      await session.interrupt('enough')
    }
    expect(await turn.final()).toMatchObject({
      status: 'interrupted',
      reason: 'enough',
      text: expect.stringMatching(/^I /),
    })
    expect(session.messages.at(-1)).toMatchObject({ role: 'assistant', content: [{ type: 'text' }] })
    expect([calls()[0]!.pid, childOf(read)].map(isRunning)).toEqual([false, false])
    expect(existsSync(calls()[0]!.mcp!.path)).toBe(false)
  })

  it('is read whole, wherever its output is cut, and however it writes to both streams', async () => {
    const { agent } = setUpClaude([{ lines: 'tools', chunkBytes: 997, mixed: true }])
    await using session = await agent.session()
    expect((await session.send('Look.').final()).text).toBe('One of them failed.')
    const log = toLog(await entriesOf(session))
    expect(log).toMatch(/^\[stderr\] warning 0, in two pieces$/m)
    expect(log).toMatch(/^\[stderr\] warning 997, in two pieces$/m)
    expect(log).not.toContain('[UNPARSED]')
  })

  it('may write lines that are no JSON, or of no known kind, or very long ones', async () => {
    const odd =
      'Debugger attached.\n{"type":"novelty","x":1}\n[1]\nnull\n"text"\n{"type":"assistant"}\n{"type":"user","message":null}\n{"half":'
    const { agent } = setUpClaude([{ lines: 'text', huge: 5_000_000, write: odd }])
    await using session = await agent.session()
    expect((await session.send('Hi.').final()).text).toBe('Hello there.')
    const log = toLog(await entriesOf(session))
    expect(log).toContain('[UNPARSED] Debugger attached.')
    expect(log).toContain('[UNPARSED] {"half":')
  })
})
