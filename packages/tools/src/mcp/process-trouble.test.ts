import { mkdtempSync, readFileSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { call, mcp, odd } from '../../test/mcp-servers.ts'
import { idsIn, isRunning, until } from '../../test/processes.ts'
import { mcpTools } from './index.ts'

const folder = () => realpathSync(mkdtempSync(join(tmpdir(), 'mcp-')))

describe('a process that will never answer', () => {
  it('fails its call soon when it closes its output, and the next call starts it again', async () => {
    const log = join(folder(), 'log')
    const { tools } = await mcp({ s: odd({ calls: ['mute'], log }) })
    const expected = 'The MCP server "s" failed during the call. It closed its output. It may have had effects'
    expect((await call(tools, 'mcp__s__go')).text).toContain(expected)
    expect(tools.servers[0]).toMatchObject({ state: 'lost', error: 'It closed its output.' })
    expect((await call(tools, 'mcp__s__go')).text).toContain(expected)
    expect(readFileSync(log, 'utf8').match(/"name"/g)).toHaveLength(2)
  }, 10_000)

  it('fails its call soon when it ends and leaves its output to a process that it started', async () => {
    const orphan = join(folder(), 'orphan')
    const pipes = () => process.getActiveResourcesInfo().filter((kind) => kind === 'PipeWrap').length
    const before = pipes()
    const { tools } = await mcp({ s: odd({ calls: ['orphan'], orphan }) })
    const { text } = await call(tools, 'mcp__s__go')
    const [left] = await idsIn(orphan)
    onTestFinished(() => void process.kill(left!))
    expect(text).toContain('It ended with exit code 7. It may have had effects')
    await tools.close()
    // Pipes keep Node alive.
    await until(() => pipes() <= before)
    expect(isRunning(left!)).toBe(true)
  })

  it('does not keep those waiting who need not, while it is being ended', async () => {
    const log = join(folder(), 'log')
    const { tools } = await mcp({ s: odd({ calls: ['hang'], heir: join(folder(), 'heir'), log }) })
    const waiting = call(tools, 'mcp__s__go')
    await until(() => readFileSync(log, 'utf8').includes('"name"'))
    let isClosed = false
    const closing = tools.close().then(() => {
      isClosed = true
    })
    expect((await waiting).text).toContain(
      'The MCP server "s" failed during the call. It was closed. It may have had effects',
    )
    expect(isClosed).toBe(false)
    await closing
  }, 10_000)

  it('is not waited for where it was not ready in time', async () => {
    const file = join(folder(), 'child')
    const { tools } = await mcp({ s: odd({ start: 'hang', child: file }) }, { startTimeoutMs: 400 })
    const [child] = await idsIn(file)
    expect(tools.servers[0]?.error).toBe('It was not ready after 400 ms.')
    expect(isRunning(child!)).toBe(true)
    await tools.close()
    expect(isRunning(child!)).toBe(false)
  }, 10_000)

  it('gives away no credential with its last words', async () => {
    const { tools, warnings } = await mcp({ s: { ...odd({ calls: ['exit'] }), env: { LICENCE_KEY: 'lk-123456789' } } })
    const { text } = await call(tools, 'mcp__s__go')
    const said = [text, tools.servers[0]?.error, ...warnings]
    for (const words of said) expect(words).toMatch(/It ended with exit code 1\. Its last words: The key was …\./)
    expect(said).toHaveLength(3)
  })

  it('is told apart from one that was killed', async () => {
    const { tools } = await mcp({ s: odd({ calls: ['kill'] }) })
    expect((await call(tools, 'mcp__s__go')).text).toContain('It was ended by SIGKILL. It may have had effects')
  })
})

describe('closing', () => {
  it('ends the processes of a server that ends at once, and those that it starts meanwhile', async () => {
    const files = [join(folder(), 'child'), join(folder(), 'heir')]
    const { tools, warnings } = await mcp({ s: odd({ child: files[0] }), t: odd({ heir: files[1] }) })
    await tools.close()
    expect(warnings).toEqual([])
    for (const id of await idsIn(...files)) expect(isRunning(id)).toBe(false)
  })
})

describe('starting', () => {
  it.each([0, Number.POSITIVE_INFINITY])(
    'takes as long as it takes where startTimeoutMs is %s',
    async (startTimeoutMs) => {
      const { tools } = await mcp({ s: odd() }, { startTimeoutMs })
      expect(tools.servers[0]?.state).toBe('connected')
    },
  )

  it('says that it may be the folder which is not there', async () => {
    const { tools } = await mcp({ s: { ...odd(), cwd: '/no/such/folder' } })
    expect(tools.servers[0]?.error).toBe(
      `The command "${process.execPath}", or the folder "/no/such/folder", was not found.`,
    )
  })

  it.each([
    ['env', { ...odd(), env: { TOKEN: undefined } }],
    ['headers', { url: 'http://127.0.0.1', headers: { TOKEN: 3 } }],
  ])('refuses %s that are no strings before it starts anything', async (_, server) => {
    const file = join(folder(), 'child')
    // biome-ignore lint/suspicious/noExplicitAny: what a program without types may pass
    const servers = { first: odd({ child: file }), s: server } as any
    await expect(mcpTools(servers)).rejects.toThrow('TOKEN of MCP server "s" is not a string.')
    expect(() => readFileSync(file)).toThrow('ENOENT')
  })
})

describe('the state of servers', () => {
  it('can be printed as it is', async () => {
    const { tools } = await mcp({ s: odd() })
    expect({ ...tools.servers[0] }).toEqual({
      name: 's',
      state: 'connected',
      error: undefined,
      tools: ['mcp__s__go'],
      leftOut: [],
      instructions: undefined,
    })
    expect(Object.getOwnPropertyDescriptor(tools.servers[0], 'state')).toHaveProperty('value', 'connected')
  })

  it('is warned of in one line', async () => {
    const { warnings } = await mcp({ s: { ...odd(), args: ['-e', 'console.error("a\\nb"); process.exit(1)'] } })
    expect(warnings).toEqual(['MCP server "s": it cannot be used. It ended with exit code 1. Its last words: a b'])
  })
})

describe('tools', () => {
  it('stay as they are when the list of others cannot be read, with a warning', async () => {
    const { tools, names, warnings } = await mcp({ s: odd({ calls: ['spoil'] }) })
    await call(tools, 'mcp__s__go')
    await until(() => warnings.length > 0)
    expect(warnings).toEqual([
      'MCP server "s": its tools have changed, and cannot be listed. It answered with something else than a list of tools.',
    ])
    expect(names()).toEqual(['mcp__s__go'])
  })

  it('may answer with something else than they say that they answer with', async () => {
    const tool = { name: 'go', inputSchema: {}, outputSchema: { type: 'object', required: ['a'] } }
    const answers = [{ content: [{ type: 'text', text: 'text' }] }, { content: [], structuredContent: { b: 1 } }]
    const { tools } = await mcp({ s: odd({ pages: [[tool]], calls: answers }) })
    expect((await call(tools, 'mcp__s__go')).text).toBe('text')
    expect((await call(tools, 'mcp__s__go')).text).toBe('{"b":1}')
  })

  it('show twenty images, and say that there are more', async () => {
    const data = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
    const content = Array(21).fill({ type: 'image', mimeType: 'image/png', data })
    const { tools } = await mcp({ s: odd({ calls: [{ content }] }) })
    const { blocks } = await call(tools, 'mcp__s__go')
    expect(blocks.map(({ type }) => type)).toEqual([...Array(20).fill('image'), 'text'])
    expect(blocks.at(-1)).toMatchObject({ text: '[Not shown: an image: 20 are the most in one result]' })
  })

  it('are named in warnings by the beginning of long names', async () => {
    const { warnings } = await mcp({ s: odd({ pages: [[{ name: 'x'.repeat(1_000), inputSchema: false }]] }) })
    expect(warnings[0]).toBe(
      `MCP server "s": its tool "${'x'.repeat(100)}" is left out: its input schema is not one of an object`,
    )
  })

  it('that their server only runs as tasks are left out', async () => {
    const tool = { name: 'slow', inputSchema: { type: 'object' }, execution: { taskSupport: 'required' } }
    const { names, warnings } = await mcp({
      s: odd({ pages: [[tool, { ...tool, name: 'b', execution: { taskSupport: 'optional' } }]] }),
    })
    expect(names()).toEqual(['mcp__s__b'])
    expect(warnings).toEqual(['MCP server "s": its tool "slow" is left out: the server only runs it as a task'])
  })

  it('whose schema has no type take an object', async () => {
    const schemas = [{}, { properties: { a: true } }, { anyOf: [{ required: ['a'] }] }, { $ref: '#/$defs/a' }, [], 3]
    const page = schemas.map((inputSchema, index) => ({ name: `t${index}`, inputSchema }))
    const { tools, names } = await mcp({ s: odd({ pages: [page] }) })
    expect(names()).toEqual(['mcp__s__t0', 'mcp__s__t1', 'mcp__s__t2', 'mcp__s__t4'])
    expect(tools.map(({ definition }) => (definition as { input_schema: object }).input_schema)).toEqual([
      { type: 'object' },
      { type: 'object', properties: { a: true } },
      { type: 'object' },
      { type: 'object' },
    ])
  })
})
