import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConfigError } from '@enjamb/core'
import type { Turn } from '@enjamb/testing'
import { permissions } from '@enjamb/tools'
import { codingTools } from '@enjamb/tools/node'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { setUpAgent } from '../../test/set-up-agent.ts'
import { type AgentOptions, createAgent, type Entry, type Hooks, type Session } from '../index.ts'

let cwd: string
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'enjamb-hooks-'))
  await writeFile(join(cwd, 'a.txt'), 'alpha')
  onTestFinished(() => rm(cwd, { recursive: true }))
})

const write = (file_path: string, content = 'gamma') => ({
  toolCalls: [{ name: 'Write', input: { file_path, content } }],
})
const read = { toolCalls: [{ name: 'Read', input: { file_path: 'a.txt' } }] }

async function setUp(turns: Turn[], hooks: Hooks, options: AgentOptions = {}) {
  const tools = codingTools({ cwd })
  onTestFinished(() => tools.close())
  const { server, make, sent } = await setUpAgent(turns, { tools, hooks, ...options })
  return { server, make, sent, session: await make().session({ id: 's' }) }
}

async function entriesOf(session: Session): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const entry of session.entries()) entries.push(entry)
  return entries
}

/** What the next request of another process is, beside what is new in it. */
async function resumed(make: () => { session: (options: object) => Promise<Session> }, session: Session) {
  await session.close()
  const again = await make().session({ id: 's', resume: true })
  onTestFinished(() => again.close())
  return again
}

describe('a prompt', () => {
  it('is asked as a hook would have it, with what it adds, and stands so in the journal', async () => {
    const { session, sent, make } = await setUp(['Yes.', 'Again.'], {
      prompt: [
        ({ content }) => ({ content: `${content}, please`, context: 'It is Monday.' }),
        ({ content, by }) => ({ context: `${by} said: ${content}` }),
      ],
    })
    await session.send('Go', { by: 'Ann' }).final()
    const asked = {
      role: 'user',
      content: [
        { type: 'text', text: 'Go, please' },
        { type: 'text', text: 'It is Monday.' },
        { type: 'text', text: 'Ann said: Go, please' },
      ],
    }
    expect(sent()).toMatchObject([asked])
    expect((await resumed(make, session)).messages[0]).toEqual(asked)
  })

  it('that a hook refuses is not asked; its turn says why, also when it is sent again', async () => {
    const { session, server, make } = await setUp(['Yes.'], {
      prompt: ({ content }) => (content === 'Bad' ? { refuse: 'it is bad' } : undefined),
    })
    const refused = { status: 'refused', reason: 'it is bad', text: '', message: undefined }
    expect(await session.send('Bad', { id: 'b' }).final()).toMatchObject(refused)
    expect([session.messages, server.requests, session.status]).toEqual([[], [], 'idle'])
    const again = await resumed(make, session)
    expect(await again.send('Bad', { id: 'b' }).final()).toMatchObject(refused)
    expect((await again.send('Good').final()).text).toBe('Yes.')
    expect(again.messages).toHaveLength(2)
  })
})

it('a prompt that a hook refuses after a turn that failed says why, and leaves that turn to be taken up', async () => {
  const { session, server } = await setUp([read, { error: 529 }, 'After all.'], {
    prompt: ({ content }) => (content === 'Bad' ? { refuse: 'it is bad' } : undefined),
  })
  await expect(session.send('Read.', { id: 'r' }).final()).rejects.toThrow()
  expect(await session.send('Bad').final()).toMatchObject({ status: 'refused', reason: 'it is bad' })
  expect((await session.send('Read.', { id: 'r' }).final()).text).toBe('After all.')
  expect([server.requests.length, session.messages.length]).toEqual([3, 4])
})

describe('before a tool', () => {
  it('a hook refuses a call, and the model is told why', async () => {
    const { session, sent } = await setUp([write('b.txt'), 'Then not.'], {
      beforeTool: { matcher: 'Write|Edit', run: () => ({ allow: false, reason: 'the disk is holy' }) },
    })
    expect((await session.send('Write.').final()).calls).toMatchObject([{ isError: true }])
    expect(JSON.stringify(sent().at(-1))).toContain('the disk is holy')
    expect(await readdir(cwd)).toEqual(['a.txt'])
  })

  it('is called for the tools that its matcher names, each with what those before it made of the input', async () => {
    const seen: unknown[] = []
    const note = ({ name, input }: { name: string; input: unknown }) => void seen.push([name, input])
    const { session } = await setUp([{ toolCalls: [...write('b.txt').toolCalls, ...read.toolCalls] }, 'Done.'], {
      beforeTool: [
        { matcher: 'wri*', run: ({ input }) => ({ input: { ...Object(input), content: 'delta' } }) },
        { matcher: 'Write', run: note },
        { matcher: 'Edit|Glob', run: note },
      ],
    })
    const { calls } = await session.send('Go.').final()
    expect(seen).toEqual([['Write', { file_path: 'b.txt', content: 'delta' }]])
    expect(calls[0]).toMatchObject({ isError: false, name: 'Write' })
    // What the model wrote stays as it is; what ran is a fact of its own.
    expect(JSON.stringify(session.messages[1])).toContain('gamma')
    const intents = (await entriesOf(session)).filter((entry) => entry.type === 'intent')
    expect(intents[0]).toMatchObject({ call: { input: { content: 'delta' } } })
  })

  it('another input is held against the schema, and nothing runs that does not fit', async () => {
    const { session, sent } = await setUp([write('b.txt'), 'Hm.'], { beforeTool: () => ({ input: { file: 'b.txt' } }) })
    await session.send('Write.').final()
    expect(JSON.stringify(sent().at(-1))).toContain('the input does not fit')
    expect(await readdir(cwd)).toEqual(['a.txt'])
    expect((await entriesOf(session)).some(({ type }) => type === 'intent')).toBe(false)
  })

  it.each<[string, Hooks['beforeTool'], string]>([
    ['allows it', () => ({ allow: true }), 'b.txt'],
    ['leads it there', () => ({ allow: true, input: { file_path: 'b.txt', content: 'x' } }), 'c.txt'],
  ])('a rule that denies holds where a hook %s', async (_, beforeTool, asked) => {
    const permission = permissions({ cwd, deny: ['Write(b.txt)'], mode: 'bypass' })
    const { session } = await setUp([write(asked), 'Then not.'], { beforeTool }, { permission })
    const { calls } = await session.send('Write.').final()
    expect(calls).toMatchObject([{ isError: true }])
    expect(await readdir(cwd)).toEqual(['a.txt'])
  })

  it('a rule that asks is asked whatever a hook says; else a hook spares the asking', async () => {
    const asked: string[] = []
    const permission = permissions({
      cwd,
      ask: ['Write(b.txt)'],
      canUseTool({ input }) {
        asked.push((input as { file_path: string }).file_path)
        return { defer: true }
      },
    })
    const { session } = await setUp(
      [write('b.txt'), write('c.txt'), 'Done.'],
      { beforeTool: () => ({ allow: true }) },
      { permission },
    )
    const { pending } = await session.send('Write both.').final()
    expect(pending).toMatchObject([{ kind: 'approval', input: { file_path: 'b.txt' } }])
    const turn = await session.decide(pending[0]!.id, { allow: true })
    expect(await turn!.final()).toMatchObject({ status: 'completed' })
    expect(asked).toEqual(['b.txt'])
    expect(await readdir(cwd)).toEqual(['a.txt', 'b.txt', 'c.txt'])
  })

  it('a call that a hook defers is shown as it would run, and that runs in another process', async () => {
    let times = 0
    const hooks: Hooks = {
      beforeTool: ({ input }) => {
        times++
        return { defer: true, data: 'why', input: { ...Object(input), file_path: 'z.txt' } }
      },
    }
    const { session, make } = await setUp([write('b.txt'), 'Done.'], hooks)
    const { pending } = await session.send('Write.').final()
    expect(pending).toMatchObject([{ input: { file_path: 'z.txt' }, data: 'why' }])
    const again = await resumed(make, session)
    const [{ id, hash }] = again.pending as [(typeof pending)[0]]
    expect(hash).toBe(pending[0]!.hash)
    expect(await (await again.decide(id, { allow: true, hash }))!.final()).toMatchObject({ text: 'Done.' })
    expect([await readdir(cwd), times]).toEqual([['a.txt', 'z.txt'], 1])
  })

  it('a rule that denies holds also for what somebody decided, with the input that they gave', async () => {
    const permission = permissions({ cwd, deny: ['Write(b.txt)'], canUseTool: () => ({ defer: true }) })
    const { session } = await setUp([write('c.txt'), 'Then not.'], {}, { permission })
    const { pending } = await session.send('Write.').final()
    const input = { file_path: 'b.txt', content: 'x' }
    await (await session.decide(pending[0]!.id, { allow: true, input }))!.final()
    expect(await readdir(cwd)).toEqual(['a.txt'])
  })

  it('a call that is denied is not shown to anybody, and one that was allowed for always is, where a hook defers', async () => {
    const permission = permissions({ cwd, deny: ['Write(b.txt)'], canUseTool: () => ({ defer: true }) })
    const turns: Turn[] = [write('b.txt'), write('c.txt'), write('d.txt'), 'Done.']
    const { session } = await setUp(turns, { beforeTool: () => ({ defer: true }) }, { permission })
    const { pending } = await session.send('Write.').final()
    expect(pending).toMatchObject([{ input: { file_path: 'c.txt' } }])
    const turn = await session.decide(pending[0]!.id, { allow: true, always: true })
    expect(await turn!.final()).toMatchObject({ status: 'waiting', pending: [{ input: { file_path: 'd.txt' } }] })
  })

  it('a hook is not asked about input that does not fit, nor about a tool that there is not', async () => {
    let asked = 0
    const calls = [{ name: 'Write', input: { file: 1 } }, { name: 'Nothing' }]
    const { session } = await setUp([{ toolCalls: calls }, 'Done.'], { beforeTool: () => void asked++ })
    const { calls: made } = await session.send('Go.').final()
    expect([made.map(({ isError }) => isError), asked]).toEqual([[true, true], 0])
  })
})

describe('after a tool', () => {
  it('a hook changes what the model is told, and adds to it, once and for all processes', async () => {
    const { session, sent, make } = await setUp([read, 'Read.', 'Again.'], {
      afterTool: [
        ({ output, name, input }) => ({ output: `${name} ${JSON.stringify(input)}: ${String(output).length > 0}` }),
        { matcher: 'Read', run: () => ({ context: 'Mind the format.' }) },
      ],
    })
    const { calls } = await session.send('Read.').final()
    const told = [
      { type: 'text', text: 'Read {"file_path":"a.txt"}: true' },
      { type: 'text', text: 'Mind the format.' },
    ]
    expect(sent().at(-1)).toMatchObject({ content: [{ type: 'tool_result', content: told }] })
    expect(calls[0]?.result).toEqual(told)
    const again = await resumed(make, session)
    await again.send('Again').final()
    expect(sent().slice(0, 3)).toEqual(again.messages.slice(0, 3))
  })

  it('is not called for what did not run', async () => {
    let called = 0
    const permission = permissions({ cwd, deny: ['Read'] })
    const calls = [
      { name: 'Read', input: { file_path: 'a.txt' } },
      { name: 'Glob', input: { at: 1 } },
    ]
    const { session } = await setUp([{ toolCalls: calls }, 'Done.'], { afterTool: () => void called++ }, { permission })
    await session.send('Go.').final()
    expect(called).toBe(0)
  })
})

describe('each request', () => {
  it('has what a hook adds to it, and the next process begins with just that', async () => {
    const { session, sent, make } = await setUp([read, 'Read.', 'Again.'], {
      beforeTurn: ({ request, messages }) => ({ context: `Request ${request} after ${messages.length}.` }),
    })
    await session.send('Read.').final()
    const roles = sent().map(({ role, content }) => [
      role,
      typeof content === 'string' ? content : content.at(-1)!.type,
    ])
    expect(roles).toEqual([
      ['user', 'Read.'],
      ['user', 'Request 1 after 1.'],
      ['assistant', 'tool_use'],
      ['user', 'tool_result'],
      ['user', 'Request 2 after 4.'],
    ])
    const before = sent()
    const again = await resumed(make, session)
    await again.send('Again').final()
    expect(sent().slice(0, before.length)).toEqual(before)
  })
})

describe('the end of a turn', () => {
  it('may be put off by a hook, which is told how often it did so, and at some point does no more', async () => {
    const told: [number, boolean][] = []
    const { session, server } = await setUp([{ times: Number.POSITIVE_INFINITY, reply: 'Done.' }], {
      afterTurn({ goneOn, mayGoOn }) {
        told.push([goneOn, mayGoOn])
        return { prompt: 'Are you sure?' }
      },
    })
    expect(await session.send('Go.').final()).toMatchObject({ status: 'completed' })
    expect(told).toEqual([...Array(11)].map((_, n) => [n, n < 10]))
    expect([server.requests.length, session.messages.length]).toEqual([11, 22])
  })

  it('is told of whichever end it is', async () => {
    const ends: string[] = []
    const afterTurn: Hooks['afterTurn'] = ({ status, error }) => void ends.push(`${status} ${Object(error).name}`)
    const { session } = await setUp(
      ['Yes.', { error: 529 }, { refusal: 'cyber' }, { text: 'Slow.', eventDelayMs: 20 }],
      { afterTurn },
    )
    await session.send('1').final()
    await session
      .send('2')
      .final()
      .catch(() => {})
    await session.send('3').final()
    const last = session.send('4', { onText: () => void session.interrupt('enough') })
    expect(await last.final()).toMatchObject({ status: 'interrupted', reason: 'enough' })
    expect(ends).toEqual([
      'completed undefined',
      'failed OverloadedError',
      'refused undefined',
      'interrupted RequestAbortedError',
    ])
  })
})

describe('a session', () => {
  it('begins with what a hook adds, before its first prompt, and ends with a hook', async () => {
    const ends: unknown[] = []
    const { session, sent, make } = await setUp(['One.', 'Two.'], {
      sessionStart: ({ source }) => ({ context: `This is ${source}.` }),
      sessionEnd: (_, { sessionId }) => void ends.push(sessionId),
    })
    await session.send('First').final()
    expect(sent().map(({ content }) => content)).toEqual(['This is new.', 'First'])
    const again = await resumed(make, session)
    await again.send('Second').final()
    expect(sent().map(({ content }) => (typeof content === 'string' ? content : 'reply'))).toEqual([
      'This is new.',
      'First',
      'reply',
      'This is resume.',
      'Second',
    ])
    await again.close()
    expect(ends).toEqual(['s', 's'])
  })

  it('that a hook fails is not opened, and one that a hook fails at its end is closed', async () => {
    const fail = () => {
      throw new Error('no')
    }
    const { make } = await setUpAgent(['One.'])
    await expect(make({ hooks: { sessionStart: fail } }).session({ id: 't' })).rejects.toThrow('no')
    const session = await make({ hooks: { sessionEnd: fail } }).session({ id: 't', resume: true })
    await expect(session.close()).rejects.toThrow('no')
    await (await make().session({ id: 't', resume: true })).close()
  })
})

describe('a hook that throws', () => {
  const fail = () => {
    throw new Error('The hook is broken.')
  }
  it.each<[string, Hooks]>([
    ['prompt', { prompt: fail }],
    ['beforeTool', { beforeTool: fail }],
    ['afterTool', { afterTool: fail }],
    ['beforeTurn', { beforeTurn: fail }],
    ['afterTurn', { afterTurn: fail }],
  ])('%s: ends the turn with its error, and the session goes on in another process', async (name, hooks) => {
    const { session, make, sent } = await setUp([write('b.txt'), 'Done.', 'Done.'], hooks)
    await expect(session.send('Write.').final()).rejects.toThrow('The hook is broken.')
    expect((await entriesOf(session)).at(-1)).toMatchObject({ type: 'turn', status: 'failed' })
    // What has run has its result, whatever a hook thinks of it.
    const hasRun = name === 'afterTool' || name === 'afterTurn'
    expect(await readdir(cwd)).toEqual(hasRun ? ['a.txt', 'b.txt'] : ['a.txt'])
    const again = await resumed(() => make({ hooks: {} }), session)
    expect(await again.send('And now?').final()).toMatchObject({ status: 'completed' })
    if (name === 'afterTool') expect(JSON.stringify(sent())).not.toContain('Interrupted')
  })

  it('is not waited for by an interruption', async () => {
    for (const name of ['prompt', 'beforeTool', 'afterTool', 'beforeTurn', 'afterTurn'] as const) {
      let hang = () => {}
      const hangs = new Promise<void>((resolve) => (hang = resolve))
      const hook = () => {
        hang()
        return new Promise<never>(() => {})
      }
      const { session } = await setUp([read, 'Done.', 'Done.'], { [name]: hook })
      const result = session.send('Go.').final()
      await hangs
      await session.interrupt()
      expect(await result).toMatchObject({ status: 'interrupted' })
      expect((await entriesOf(session)).filter(({ type }) => type === 'result').length).toBeLessThan(2)
    }
  })
})

describe('what is no hook', () => {
  const tools = codingTools({ cwd: '/tmp' })
  it.each<[object, string]>([
    [{ beforTool: () => {} }, 'hooks has no option "beforTool": did you mean beforeTool?'],
    [{ PreToolUse: () => {} }, 'there are afterCompact, afterTool'],
    [{ prompt: 'Hi' }, 'hooks.prompt must be a function, or a list of them.'],
    [{ beforeTurn: { matcher: 'Bash', run: () => {} } }, 'hooks.beforeTurn must be a function, or a list of them.'],
    [
      { afterTool: [{ matcher: 'Bash' }] },
      'hooks.afterTool must be a function or { matcher, run }, or a list of them.',
    ],
    [{ beforeTool: { matcher: 'Bsh', run: () => {} } }, 'no tool that runs here fits "Bsh": did you mean Bash?'],
    [
      { beforeTool: { matcher: 'Read|Wirte', run: () => {} } },
      'no tool that runs here fits "Wirte": did you mean Write?',
    ],
    [{ beforeTool: { matcher: 'mcp__*', run: () => {} } }, 'no tool that runs here fits "mcp__*"'],
    [
      { beforeTool: { matcher: 'Bash(ls)', run: () => {} } },
      'a matcher is like "Bash" or "Bash|mcp__*"; "Bash(ls)" is not.',
    ],
    [{ beforeTool: { matcher: 'Bash', run: () => {}, only: 1 } }, 'hooks.beforeTool has no option "only"'],
  ])('is refused when the agent is made: %o', (hooks, message) => {
    expect(() => createAgent({ apiKey: 'k', tools, hooks: hooks as Hooks })).toThrow(ConfigError)
    expect(() => createAgent({ apiKey: 'k', tools, hooks: hooks as Hooks })).toThrow(message)
  })

  it('may name tools of servers that are not there, beside others', () => {
    createAgent({ apiKey: 'k', tools, hooks: { beforeTool: { matcher: 'Bash|mcp__*', run: () => undefined } } })
  })

  it('an answer that is none ends the turn, rather than let a call through', async () => {
    const { session } = await setUp([write('b.txt'), 'Done.'], { beforeTool: () => ({ deny: 'no' }) as never })
    await expect(session.send('Go.').final()).rejects.toThrow('What hooks.beforeTool gives has no option "deny"')
    expect(await readdir(cwd)).toEqual(['a.txt'])
  })
})
