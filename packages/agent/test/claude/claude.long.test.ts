import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { OverloadedError, RateLimitError } from '@enjamb/core'
import { describe, expect, it } from 'vitest'
import { isRunning, until } from '../../../tools/test/processes.ts'
import { rpc } from '../../../tools/test/rpc-server.ts'
import { sessionTranscript } from '../../src/cli/index.ts'
import type { AgentEvent } from '../../src/index.ts'
import { claude, missing, setUpRealClaude } from './real-claude.ts'

// So that a report says why.
if (!claude) it.skip(`the claude program is not there: ${missing}`, () => {})

describe.skipIf(!claude)('the claude program itself', () => {
  it('answers, at the price that the server has in its books', async () => {
    const { agent, server } = await setUpRealClaude(['Hello there.'])
    await using session = await agent.session()
    const events: AgentEvent[] = []
    const turn = session.send('Say hello.')
    for await (const event of turn) events.push(event)
    expect(await turn.final()).toMatchObject({ status: 'completed', text: 'Hello there.' })
    expect(events.flatMap((event) => (event.type === 'text' ? event.text : [])).join('')).toBe('Hello there.')
    expect(session.cost?.nanoUsd).toBe(server.ledger.cost.nanoUsd)
  })

  it('uses its own tools as it is allowed to', async () => {
    const { agent, folder } = await setUpRealClaude(
      [
        {
          toolCalls: [
            { name: 'Bash', input: { command: 'cat a.txt', description: 'Shows it' } },
            { name: 'Read', input: { file_path: '/nowhere/b.txt' } },
          ],
        },
        ({ toolResults }) =>
          toolResults
            .map(({ isError, text }) => (isError ? 'failed' : text))
            .sort()
            .join(),
      ],
      {},
      { allowTools: ['Bash', 'Read'] },
    )
    writeFileSync(join(folder, 'work', 'a.txt'), 'the content')
    await using session = await agent.session()
    const result = await session.send('Look.').final()
    expect(result.text).toBe('failed,the content')
    expect(result.calls).toMatchObject([
      { name: 'Read', isError: true },
      { name: 'Bash', result: 'the content', isError: false },
    ])
  })

  it('calls the tools of an MCP server', async () => {
    const { url, requests } = await rpc(() => undefined)
    const { agent, folder } = await setUpRealClaude(
      [{ toolCalls: [{ name: 'mcp__ours__go', input: {} }] }, ({ toolResults }) => `It is ${toolResults[0]?.text}.`],
      { mcp: { ours: { url, headers: { authorization: 'Bearer of-ours' } } } },
    )
    await using session = await agent.session()
    const result = await session.send('Go.').final()
    expect(result.text).toBe('It is done.')
    expect(requests.every(({ headers }) => headers.authorization === 'Bearer of-ours')).toBe(true)
    expect(readdirSync(join(folder, 'tmp')).filter((name) => name.startsWith('enjamb-mcp'))).toEqual([])
  })

  it('resumes after its own transcripts are deleted, in another folder', async () => {
    const { agent, server, folder, store } = await setUpRealClaude(['One.', 'Two.', 'Three.'])
    const first = await agent.session({ id: 'mail-42' })
    await first.send('The first question').final()
    await first.send('The second question').final()
    await first.close()
    rmSync(join(folder, 'home', '.claude'), { recursive: true })
    mkdirSync(join(folder, 'elsewhere'))
    await using again = await agent.session({ id: 'mail-42', resume: true, cwd: join(folder, 'elsewhere') })
    expect((await again.send('The third question').final()).text).toBe('Three.')
    const sent = JSON.stringify(server.requests.at(-1)?.body)
    for (const text of ['The first question', 'One.', 'The second question', 'Two.']) expect(sent).toContain(text)
    const transcript = await sessionTranscript(store, 'mail-42')
    expect(new TextDecoder().decode(transcript?.bytes)).toContain('Three.')
    expect(existsSync(transcript!.path)).toBe(true)
  })

  it('gives a value that fits a schema', async () => {
    const { agent } = await setUpRealClaude([{ toolCalls: [{ name: 'StructuredOutput', input: { a: 1 } }] }])
    await using session = await agent.session()
    const schema = {
      type: 'object',
      properties: { a: { type: 'number' } },
      required: ['a'],
      additionalProperties: false,
    } as const
    expect(await session.send('Give.', { schema }).final()).toMatchObject({ value: { a: 1 }, text: '{"a":1}' })
  })

  it('is refused as the API refuses: a 429 at once, an overload after more runs', async () => {
    const env = { CLAUDE_CODE_MAX_RETRIES: '0' }
    const limited = await setUpRealClaude([{ error: 429 }, 'Never.'], { env })
    await using one = await limited.agent.session()
    await expect(one.send('Hi.').final()).rejects.toBeInstanceOf(RateLimitError)
    const busy = await setUpRealClaude([{ times: 2, reply: { error: 529 } }, 'At last.'], { env })
    await using two = await busy.agent.session()
    expect((await two.send('Hi.').final()).text).toBe('At last.')
    const never = await setUpRealClaude([{ times: 9, reply: { error: 529 } }], { env, retries: 1 })
    await using three = await never.agent.session()
    await expect(three.send('Hi.').final()).rejects.toBeInstanceOf(OverloadedError)
  })

  it('is stopped in mid-stream, in mid-command, and goes on', async () => {
    const slow = { text: 'A long answer. '.repeat(200), tokensPerSecond: 20 }
    const command = { command: 'echo $$ > id; sleep 600', description: 'Waits' }
    const { agent, folder } = await setUpRealClaude(
      [slow, { toolCalls: [{ name: 'Bash', input: command }] }, 'Here I am.'],
      {},
      { allowTools: ['Bash'] },
    )
    await using session = await agent.session()
    const turn = session.send('Tell.')
    for await (const { type } of turn) if (type === 'text') await session.interrupt('enough')
    expect(await turn.final()).toMatchObject({ status: 'interrupted', text: expect.stringMatching(/^A/) })
    const second = session.send('Wait.')
    const over = second.final()
    const id = join(folder, 'work', 'id')
    await until(() => existsSync(id))
    await session.interrupt('enough')
    expect((await over).status).toBe('interrupted')
    expect(isRunning(Number(readFileSync(id, 'utf8')))).toBe(false)
    expect((await session.send('Are you there?').final()).text).toBe('Here I am.')
  })
})
