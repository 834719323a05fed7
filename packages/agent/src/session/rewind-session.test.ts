import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createMockServer, script, type Turn } from '@enjamb/testing'
import { defineTool } from '@enjamb/tools'
import { describe, expect, it, onTestFinished } from 'vitest'
import { buildProgram } from '../../test/build-program.ts'
import { fileTools, waitTool } from '../../test/file-tools.ts'
import {
  type AgentOptions,
  type CheckpointEntry,
  createAgent,
  type Entry,
  memoryStore,
  type Session,
} from '../index.ts'
import { fileStore } from '../node/index.ts'

function folder(name: string): string {
  const made = realpathSync(mkdtempSync(join(tmpdir(), `enjamb-${name}-`)))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

async function setUp(turns: Turn[], options: AgentOptions = {}) {
  const server = await createMockServer({ script: script(turns) })
  onTestFinished(() => server.close())
  const cwd = folder('work')
  const tools = ({ cwd }: { cwd: string }) => fileTools(cwd, waitTool)
  const agent = createAgent({ apiKey: 'key', baseURL: server.url, cwd, tools, retry: { maxRetries: 0 }, ...options })
  return {
    server,
    cwd,
    agent,
    put: (name: string, content: string) => writeFileSync(join(cwd, name), content),
    text: (name: string) => (existsSync(join(cwd, name)) ? readFileSync(join(cwd, name), 'utf8') : null),
  }
}

const write = (name: string, content: string) => ({ name: 'Write', input: { file_path: name, content } })
const read = (name: string) => ({ name: 'Read', input: { file_path: name } })

async function entriesOf(session: Session): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const entry of session.entries()) entries.push(entry)
  return entries
}
const endOf = async (session: Session) => (await entriesOf(session)).at(-1)!.seq
const checkpointsOf = async (session: Session) =>
  (await entriesOf(session)).filter((entry) => entry.type === 'checkpoint') as CheckpointEntry[]

const changes: Turn[] = [{ toolCalls: [read('a'), write('a', 'two'), write('a', 'three'), write('b', 'new')] }, 'Done.']

describe('a session that is rewound', () => {
  it('goes on as if what came after had not been, and gives the files back what they held', async () => {
    const { agent, server, put, text } = await setUp(['One.', ...changes, 'Three.'])
    put('a', 'one')
    const session = await agent.session()
    await session.send('First.').final()
    const to = await endOf(session)
    const before = session.messages
    await session.send('Second.').final()
    expect([text('a'), text('b')]).toEqual(['three', 'new'])
    const { files } = await session.rewind({ to })
    expect(files.map(({ change }) => change)).toEqual(['restored', 'removed'])
    expect([text('a'), text('b')]).toEqual(['one', null])
    expect(session.messages).toEqual(before)
    expect((await entriesOf(session)).at(-1)).toMatchObject({
      type: 'rewind',
      to,
      files: files.map(({ path }) => path),
    })
    const events: string[] = []
    for await (const { type } of session.send('Third.')) events.push(type)
    // What the cache has of it is had again.
    expect(events).not.toContain('cache_break')
    const { messages } = server.requests.at(-1)!.body as { messages: unknown[] }
    expect(messages).toHaveLength(3)
    expect(JSON.stringify(messages)).not.toContain('Second.')
  })

  it('keeps what a file held once a turn', async () => {
    const { agent, put } = await setUp([...changes, { toolCalls: [write('a', 'four')] }, 'Done.'])
    put('a', 'one')
    const session = await agent.session()
    await session.send('First.').final()
    await session.send('Second.').final()
    const [two, three, made, four] = await checkpointsOf(session)
    const held = async (entry: CheckpointEntry) =>
      entry.before && Buffer.from((await agent.store.blobs.get(entry.before))!).toString()
    expect(await Promise.all([two, three, made, four].map((entry) => held(entry!)))).toEqual([
      'one',
      'one',
      null,
      'three',
    ])
    // Between the first change and the second nobody could want it back.
    expect(await agent.store.blobs.get(two!.after!)).toBeUndefined()
  })

  it('shows what would become of the files before, and does nothing', async () => {
    const { agent, put, text } = await setUp(changes)
    put('a', 'one')
    const session = await agent.session()
    await session.send('Go.').final()
    const before = await endOf(session)
    const { files } = await session.rewind({ to: 1, dryRun: true })
    expect(files).toMatchObject([{ change: 'restored' }, { change: 'removed' }])
    expect([text('a'), await endOf(session)]).toEqual(['three', before])
    expect(session.messages).toHaveLength(4)
  })

  it('leaves the files where they are not asked for, and they can be put back later', async () => {
    const { agent, put, text } = await setUp([...changes, { toolCalls: [write('a', 'four')] }, 'Done.'])
    put('a', 'one')
    const session = await agent.session()
    await session.send('Go.').final()
    await session.rewind({ to: 1, files: false })
    expect([text('a'), session.messages]).toEqual(['three', []])
    await session.send('Go.').final()
    expect(text('a')).toBe('four')
    await session.rewind({ to: 1 })
    expect([text('a'), text('b')]).toEqual(['one', null])
  })

  it('leaves what other people have changed since, unless it is forced', async () => {
    const { agent, put, text } = await setUp(changes)
    put('a', 'one')
    const session = await agent.session()
    await session.send('Go.').final()
    put('a', 'theirs')
    const { files } = await session.rewind({ to: 1 })
    expect(files).toMatchObject([{ change: 'kept', conflict: 'changed' }, { change: 'removed' }])
    expect([text('a'), text('b')]).toEqual(['theirs', null])
    expect((await entriesOf(session)).at(-1)).toMatchObject({ files: [expect.stringMatching(/b$/)] })
    await session.rewind({ to: 1, files: 'force' })
    expect(text('a')).toBe('one')
  })

  it('has the model read a file that was put back before it changes it again', async () => {
    const edit = { name: 'Write', input: { file_path: 'a', content: 'more' } }
    const { agent, put, text } = await setUp([...changes, { toolCalls: [edit] }, 'Done.'])
    put('a', 'one')
    const session = await agent.session()
    await session.send('Go.').final()
    await session.rewind({ to: 1 })
    const { calls } = await session.send('Go.').final()
    expect(calls).toMatchObject([{ isError: true, result: expect.stringContaining('use Read again') }])
    expect(text('a')).toBe('one')
  })

  it('can be only where no turn was open, and not while one is under way', async () => {
    const { agent } = await setUp(['One.', 'Two.'])
    const session = await agent.session()
    await session.send('First.').final()
    await expect(session.rewind({ to: 2 })).rejects.toMatchObject({ code: 'turn_boundary', before: 1, after: 4 })
    await expect(agent.session({ id: session.id, resume: true })).rejects.toMatchObject({ code: 'session_busy' })
    const turn = session.send('Second.')
    const reading = turn.final()
    await expect(session.rewind({ to: 1 })).rejects.toThrow('interrupt it')
    await reading
    await session.close()
    await expect(agent.session({ id: session.id, resume: true, at: 3 })).rejects.toMatchObject({
      code: 'turn_boundary',
    })
    const again = await agent.session({ id: session.id, resume: true, at: 4 })
    expect(again.messages).toHaveLength(2)
  })

  it('gives up calls that wait', async () => {
    const ask = defineTool({ name: 'ask', description: 'Asks.', input: { type: 'object' } })
    const tools = ({ cwd }: { cwd: string }) => fileTools(cwd, ask)
    const turns: Turn[] = [{ toolCalls: [write('b', 'new'), { name: 'ask', input: {} }] }, 'Again.']
    const { agent, text } = await setUp(turns, { tools })
    const session = await agent.session()
    expect(await session.send('Go.').final()).toMatchObject({ status: 'waiting' })
    await session.rewind({ to: 1 })
    expect([session.status, session.pending, session.messages, text('b')]).toEqual(['idle', [], [], null])
    expect((await session.send('Go.').final()).text).toBe('Again.')
  })

  it('says so where nothing can put files back', async () => {
    const { cwd, agent } = await setUp([{ toolCalls: [write('b', 'new')] }, 'Done.'], {})
    const bare = createAgent({ apiKey: 'key', baseURL: 'http://127.0.0.1:1', store: agent.store })
    const session = await agent.session({ id: 's' })
    await session.send('Go.').final()
    await session.close()
    const again = await bare.session({ id: 's', resume: true })
    await expect(again.rewind({ to: 1 })).rejects.toThrow('files: false')
    expect(existsSync(join(cwd, 'b'))).toBe(true)
    await again.rewind({ to: 1, files: false })
    expect(again.messages).toEqual([])
  })

  it('changes no file where the disk is full, and the model is told', async () => {
    const store = memoryStore()
    const full = {
      ...store,
      blobs: { ...store.blobs, put: () => Promise.reject(new Error('no space left on device')) },
    }
    const { agent, put, text } = await setUp([{ toolCalls: [read('a'), write('a', 'two')] }, 'Oh.'], { store: full })
    put('a', 'one')
    const session = await agent.session()
    const { calls } = await session.send('Go.').final()
    expect(calls[1]).toMatchObject({ isError: true, result: expect.stringContaining('no space left') })
    expect(text('a')).toBe('one')
  })
})

// Starts Node, which takes its time on a busy machine.
describe('in another process', { timeout: 30_000 }, () => {
  async function startWorker(...args: string[]) {
    const program = join(folder('program'), 'worker.mjs')
    await buildProgram(new URL('../../test/files-worker.ts', import.meta.url), program)
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    const exit = once(child, 'exit')
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
    return { child, exit, hear: async () => (await lines.next()).value }
  }

  it('a session is rewound that was written in one that was killed in the middle of a turn', async () => {
    const directory = folder('store')
    const store = fileStore(directory)
    const { server, cwd, agent, text } = await setUp(
      [
        { toolCalls: [write('b', 'new'), { name: 'wait', input: {} }] },
        { toolCalls: [read('b'), write('b', 'newer')] },
        'Done.',
      ],
      { store },
    )
    const { child, exit, hear } = await startWorker(directory, cwd, server.url)
    expect(await hear()).toBe('waits')
    child.kill('SIGKILL')
    await exit
    const session = await agent.session({ id: 's', resume: true })
    await session.continue()!.final()
    expect(text('b')).toBe('newer')
    const [made, again] = await checkpointsOf(session)
    // The turn began with no such file, whoever went on with it.
    expect([made?.before, again?.before]).toEqual([null, null])
    await session.rewind({ to: 1 })
    expect(text('b')).toBe(null)
    await session.close()
  })

  it('a session is rewound whose turn had ended, with all that its files held', async () => {
    const directory = folder('store')
    const { server, cwd, agent, put, text } = await setUp([...changes, 'Fine.'], { store: fileStore(directory) })
    put('a', 'one')
    const session = await agent.session({ id: 's' })
    await session.send('Go.').final()
    await session.close()
    const { exit, hear } = await startWorker(directory, cwd, server.url)
    expect(await hear()).toBe('completed')
    await exit
    const again = await agent.session({ id: 's', resume: true })
    await again.rewind({ to: 1 })
    expect([text('a'), text('b')]).toEqual(['one', null])
    await again.close()
  })
})
