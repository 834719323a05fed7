import { mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConfigError, createClient } from '@enjamb/core'
import { createMockServer } from '@enjamb/testing'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { call, everything, filesystem, freePort, mcp, odd } from '../../test/mcp-servers.ts'
import { idsIn, isRunning, until } from '../../test/processes.ts'
import { runTools } from '../index.ts'
import { type McpServer, type McpTools, mcpTools } from './index.ts'

const callsIn = (log: string) => readFileSync(log, 'utf8').match(/"name"/g)
const folder = () => realpathSync(mkdtempSync(join(tmpdir(), 'mcp-')))

describe('with the reference server that has everything, as a process', () => {
  let tools: McpTools
  const warnings: string[] = []
  const names = () => tools.map((tool) => tool.name)
  beforeAll(async () => {
    process.env.ENJAMB_TEST_TOKEN = 'not-for-servers'
    const server = { ...everything, env: { GIVEN: 'yes' } }
    tools = await mcpTools({ everything: server }, { logger: { warn: (message) => void warnings.push(message) } })
    delete process.env.ENJAMB_TEST_TOKEN
  })
  afterAll(() => tools.close())

  it('offers its tools under names of their own, and calls them', async () => {
    expect(names()).toContain('mcp__everything__echo')
    expect(names()).toContain('mcp__everything__get-sum')
    expect(await call(tools, 'mcp__everything__echo', { message: 'hello' })).toMatchObject({
      isError: false,
      text: 'Echo: hello',
    })
    expect((await call(tools, 'mcp__everything__get-sum', { a: 2, b: 40 })).text).toContain('42')
    expect(warnings).toEqual([
      expect.stringContaining('"simulate-research-query" is left out: the server only runs it'),
    ])
    expect(tools.servers).toMatchObject([{ name: 'everything', state: 'connected', error: undefined, tools: names() }])
  })

  it('shows images, embedded resources, links and structured results', async () => {
    const image = await call(tools, 'mcp__everything__get-tiny-image')
    expect(image.blocks.map(({ type }) => type)).toEqual(['text', 'image', 'text'])
    const text = await call(tools, 'mcp__everything__get-resource-reference', { resourceType: 'Text', resourceId: 1 })
    expect(text.text).toContain('[Resource demo://resource/dynamic/text/1]\n')
    const blob = await call(tools, 'mcp__everything__get-resource-reference', { resourceType: 'Blob', resourceId: 1 })
    expect(blob.text).toMatch(/\[Not shown: text\/plain demo:\/\/resource\/dynamic\/blob\/1, about \d+ bytes\]/)
    const links = await call(tools, 'mcp__everything__get-resource-links', { count: 2 })
    expect(links.text).toMatch(/\[Resource, not read: demo:\/\/resource\/dynamic\/\S+/)
    const structured = await call(tools, 'mcp__everything__get-structured-content', { location: 'Chicago' })
    expect(JSON.parse(structured.text)).toHaveProperty('temperature')
  })

  it("tells the model what the server says of an input that does not fit, and of a tool's failure", async () => {
    const { isError, text } = await call(tools, 'mcp__everything__get-sum', { a: 'two' })
    expect(isError).toBe(true)
    expect(text).toMatch(/get-sum/)
    expect(text).toMatch(/number/)
  })

  it('reports progress, and gives up a call when the run does', async () => {
    const seen: unknown[] = []
    const input = { duration: 1, steps: 2 }
    const name = 'mcp__everything__trigger-long-running-operation'
    expect((await call(tools, name, input, { onProgress: (data) => seen.push(data) })).isError).toBe(false)
    // The official client drops what comes together with the answer.
    expect(seen[0]).toMatchObject({ progress: 1, total: 2 })
    const controller = new AbortController()
    const stopped = call(tools, name, { duration: 60, steps: 1 }, { signal: controller.signal })
    controller.abort()
    expect(await stopped).toMatchObject({ isError: true, text: expect.stringContaining('Interrupted') })
    expect((await call(tools, 'mcp__everything__echo', { message: 'still here' })).text).toContain('still here')
  })

  it("gives a process what it is given, and none of this process's secrets", async () => {
    const { text } = await call(tools, 'mcp__everything__get-env')
    expect(Object.keys(JSON.parse(text)).sort()).toEqual(
      ['GIVEN', 'HOME', 'LOGNAME', 'PATH', 'SHELL', 'TERM', 'USER'].filter(
        (key) => key === 'GIVEN' || process.env[key],
      ),
    )
  })
})

describe('with the reference server for files', () => {
  it('reads and writes, and says what it may not', async () => {
    const home = folder()
    writeFileSync(join(home, 'a.txt'), 'first')
    const { tools } = await mcp({ files: filesystem(home) })
    expect((await call(tools, 'mcp__files__read_text_file', { path: join(home, 'a.txt') })).text).toBe('first')
    await call(tools, 'mcp__files__write_file', { path: join(home, 'b.txt'), content: 'second' })
    expect(readFileSync(join(home, 'b.txt'), 'utf8')).toBe('second')
    const outside = await call(tools, 'mcp__files__read_text_file', { path: '/etc/hostname' })
    expect(outside).toMatchObject({ isError: true, text: expect.stringContaining('Access denied') })
  })

  it('believes what it says about its tools only if told to', async () => {
    const server = filesystem(folder())
    const harmless = async (trustAnnotations: boolean) => {
      const { tools } = await mcp({ files: { ...server, trustAnnotations } })
      return tools.filter((tool) => tool.readOnly).map((tool) => tool.name)
    }
    expect(await harmless(false)).toEqual([])
    const names = await harmless(true)
    expect(names).toContain('mcp__files__read_text_file')
    expect(names).not.toContain('mcp__files__write_file')
  })
})

describe('with servers that fail', () => {
  it('leaves the others working, and says which failed and why', async () => {
    const { tools, warnings, names } = await mcp(
      {
        good: odd(),
        missing: { command: 'no-such-program-anywhere' },
        exits: { ...odd({ start: 'exit' }), env: { LICENCE_KEY: 'lk-123456789' } },
        refuses: odd({ start: 'refuse' }),
        hangs: odd({ start: 'hang' }),
        floods: odd({ start: 'flood' }),
        nowhere: { url: `http://127.0.0.1:${await freePort()}/mcp` },
      },
      { startTimeoutMs: 2_500 },
    )
    expect(names()).toEqual(['mcp__good__go'])
    expect((await call(tools, 'mcp__good__go')).text).toBe('done')
    const errors = Object.fromEntries(tools.servers.map(({ name, state, error }) => [name, `${state}: ${error}`]))
    expect(errors).toEqual({
      good: 'connected: undefined',
      missing: 'failed: The command "no-such-program-anywhere" was not found.',
      exits: expect.stringMatching(/^failed: It ended with exit code 3\. Its last words: It cannot work without/),
      refuses: 'failed: I am not in the mood.',
      hangs: 'failed: It was not ready after 2500 ms.',
      floods: expect.stringMatching(/^failed: (Its message has more than 10485760 bytes|It was not ready)/),
      nowhere: 'failed: fetch failed: ECONNREFUSED',
    })
    expect(warnings).toHaveLength(6)
    expect(warnings.join()).toContain('MCP server "missing": it cannot be used. The command')
    expect(warnings.join() + JSON.stringify(errors)).not.toContain('lk-123456789')
  })

  it('starts them all at once', async () => {
    const meet = { folder: folder(), count: 4 }
    const servers = Object.fromEntries(Array.from({ length: 4 }, (_, index) => [`s${index}`, odd({ meet })]))
    const { tools } = await mcp(servers)
    expect(tools.servers.map(({ state }) => state)).toEqual(Array(4).fill('connected'))
  })

  it('hands on what a server says about its use', async () => {
    const { tools } = await mcp({ s: odd({ instructions: 'Go slowly.' }), t: odd() })
    expect(tools.servers.map(({ instructions }) => instructions)).toEqual(['Go slowly.', undefined])
  })

  it('takes no notice of what else a program prints', async () => {
    const { tools } = await mcp({ noisy: odd({ start: 'garbage' }) })
    expect((await call(tools, 'mcp__noisy__go')).text).toBe('done')
  })

  it('connects again with the next call, and never makes again a call that may have had effects', async () => {
    const log = join(folder(), 'log')
    const { tools, warnings } = await mcp({ s: odd({ calls: ['exit'], log }) })
    const first = await call(tools, 'mcp__s__go')
    expect(first.isError).toBe(true)
    expect(first.text).toContain(
      'The MCP server "s" failed during the call. It ended with exit code 1. It may have had effects: check before you',
    )
    expect(callsIn(log)).toHaveLength(1)
    expect(tools.servers[0]).toMatchObject({ state: 'lost' })
    expect(warnings.join()).toContain('the connection got lost')
    await call(tools, 'mcp__s__go')
    expect(callsIn(log)).toHaveLength(2)
  })

  it('makes such a call again, once, where the tool is idempotent and the server is believed', async () => {
    const log = join(folder(), 'log')
    const tool = { name: 'go', inputSchema: { type: 'object' }, annotations: { idempotentHint: true } }
    const { tools } = await mcp({ s: { ...odd({ calls: ['exit'], pages: [[tool]], log }), trustAnnotations: true } })
    expect((await call(tools, 'mcp__s__go')).isError).toBe(true)
    expect(callsIn(log)).toHaveLength(2)
  })

  it('does not wait for a server that hears no more', async () => {
    const log = join(folder(), 'log')
    const { tools } = await mcp({ s: { ...odd({ calls: ['deaf'], log }), timeoutMs: 500 } })
    expect((await call(tools, 'mcp__s__go')).text).toContain('Stopped after 500 ms.')
    await until(() => tools.servers[0]?.state === 'lost')
    expect(tools.servers[0]?.error).toContain('EPIPE')
    await call(tools, 'mcp__s__go')
    expect(callsIn(log)).toHaveLength(2)
  })

  it('says why an answer of more than 10 MB does not come, and takes the first of two', async () => {
    const { tools } = await mcp({ huge: odd({ calls: ['huge'] }), twice: odd({ calls: ['twice'] }) })
    expect((await call(tools, 'mcp__huge__go')).text).toContain('Its message has more than 10485760 bytes.')
    expect((await call(tools, 'mcp__twice__go')).text).toBe('first')
    expect((await call(tools, 'mcp__twice__go')).text).toBe('first')
  })

  it('gives the model nothing where the answer holds nothing', async () => {
    const { tools } = await mcp({
      s: odd({ calls: [{}, { content: [] }, { content: [{ type: 'text', text: ' ' }] }] }),
    })
    for (let i = 0; i < 3; i++)
      expect(await call(tools, 'mcp__s__go')).toEqual({ isError: false, text: '', blocks: [] })
  })

  it('ends a call when its time is up, and tells the server', async () => {
    const log = join(folder(), 'log')
    const { tools } = await mcp({ s: { ...odd({ calls: ['hang'], log }), timeoutMs: 200 } })
    const { isError, text } = await call(tools, 'mcp__s__go')
    expect(isError).toBe(true)
    expect(text).toContain('Stopped after 200 ms.')
    await until(() => readFileSync(log, 'utf8').includes('cancelled'))
  })

  it.each([
    ['content that is a text', { content: 'text' }, 'text'],
    ['one part that is no list', { content: { type: 'text', text: 'one' } }, 'one'],
    [
      'a part without its type, and one that is a text',
      { content: [{ text: 'a' }, 'b', null] },
      /^\[Not shown: .*\{"text":"a"\}\]\nb\n\[Not/,
    ],
    ['an image without data', { content: [{ type: 'image' }, { type: 'text', text: 'b' }] }, /^\[Not shown: .*\]\nb$/],
    ['nothing that is known', { toolResult: { a: 1 } }, '{"toolResult":{"a":1}}'],
  ])('shows what there is when the answer has %s', async (_, answer, expected) => {
    const { tools } = await mcp({ s: odd({ calls: [answer] }) })
    const { isError, text } = await call(tools, 'mcp__s__go')
    expect(text).toMatch(expected)
    expect(isError).toBe(false)
  })

  it('shows the rest of a result that has one part of a kind that there is not', async () => {
    const content = [
      { type: 'text', text: 'before' },
      { type: 'smell', smell: 'of roses', more: 'x'.repeat(5_000) },
      { type: 'text', text: 'after' },
    ]
    const { tools } = await mcp({ s: odd({ calls: [{ content }] }) })
    const { isError, blocks } = await call(tools, 'mcp__s__go')
    expect(isError).toBe(false)
    expect(blocks.map((block) => block.type === 'text' && block.text.slice(0, 80))).toEqual([
      'before',
      '[Not shown: content of a kind that is not known: {"type":"smell","smell":"of ros',
      'after',
    ])
    expect(JSON.stringify(blocks[1]).length).toBeLessThan(1_200)
  })

  it('shows no credential that a result repeats, and leaves what a result may be about', async () => {
    const content = [{ type: 'text', text: 'lk-123456789 is the key to /srv/files' }]
    const server = {
      ...odd({ calls: [{ content }, { content, isError: true }] }),
      env: { API_KEY: 'lk-123456789', ROOT: '/srv/files' },
    }
    const { tools } = await mcp({ s: server })
    for (let time = 0; time < 2; time++)
      expect((await call(tools, 'mcp__s__go')).text).toContain('… is the key to /srv/files')
  })
})

describe('a list of servers', () => {
  it.each([
    ['neither', {}, 'needs either a command or a url'],
    ['both', { command: 'x', url: 'http://localhost' }, 'needs either a command or a url'],
    ['not http', { url: 'file:///etc/passwd' }, 'must be an http or https URL'],
    ['no url', { url: 'nonsense' }, 'must be an http or https URL'],
    ['!!!', { command: 'x' }, '1 to 32 letters, digits, _ and -'],
    ['x'.repeat(33), { command: 'x' }, '1 to 32 letters, digits, _ and -'],
  ])('is refused for "%s"', async (name, server, message) => {
    await expect(mcpTools({ [name]: server as McpServer })).rejects.toThrow(message)
  })

  it.each<[name: string, servers: unknown, options: object, message: string]>([
    ['an option', {}, { timeoutMS: 5 }, 'mcpTools has no option "timeoutMS": did you mean timeoutMs?'],
    ['an option that is like none', {}, { retries: 5 }, 'there are logger, maxResultChars, startTimeoutMs, timeoutMs.'],
    [
      'an option of a server',
      { s: { url: 'http://x', header: {} } },
      {},
      'MCP server "s" has no option "header": did you mean headers?',
    ],
    [
      'an option in other letters',
      { s: { comand: 'x' } },
      {},
      'MCP server "s" has no option "comand": did you mean command?',
    ],
    ['a time that is a text', {}, { timeoutMs: '30' }, 'timeoutMs is not a number, 0 or more.'],
    ['a limit that is no number', {}, { maxResultChars: Number.NaN }, 'maxResultChars is not a number, 0 or more.'],
    [
      "a server's time below 0",
      { s: { command: 'x', timeoutMs: -1 } },
      {},
      'timeoutMs of MCP server "s" is not a number',
    ],
    [
      'headers that are no object',
      { s: { url: 'http://x', headers: new Headers() } },
      {},
      'headers of MCP server "s" is not an object of strings.',
    ],
    ['no command', { s: { command: '' } }, {}, 'command of MCP server "s" is not a string.'],
    ['a list', [], {}, 'mcpTools takes an object of servers'],
  ])('is refused where it has %s', async (_, servers, options, message) => {
    const error = await mcpTools(servers as { [name: string]: McpServer }, options).catch((fault) => fault)
    expect(error).toBeInstanceOf(ConfigError)
    expect(error.message).toContain(message)
  })

  it('is refused where a header cannot be sent, and does not show it', async () => {
    const error = await mcpTools({ s: { url: 'http://x', headers: { 'x-key': 'secret-12345\nx' } } }).catch(
      (fault) => fault,
    )
    expect(error).toBeInstanceOf(ConfigError)
    expect(error.message).toBe('x-key of MCP server "s" cannot be sent as a header.')
  })

  it('is refused where two names would be the same', async () => {
    await expect(mcpTools({ 'a b': odd(), a_b: odd() })).rejects.toThrow('Two servers would be named "a_b"')
  })
})

describe('lists of tools', () => {
  const schema = { type: 'object' }

  it('are read page by page, but not for ever', async () => {
    const pages = [[{ name: 'a', inputSchema: schema }], [], [{ name: 'b', inputSchema: schema }]]
    const { names, tools } = await mcp({ s: odd({ pages }), endless: odd({ pages: [[]], endless: true }) })
    expect(names()).toEqual(['mcp__s__a', 'mcp__s__b'])
    expect(tools.servers[1]).toMatchObject({ state: 'failed', error: expect.stringContaining('100 pages') })
    const many = Array.from({ length: 2_001 }, (_, index) => ({ name: `t${index}` }))
    const { tools: none } = await mcp({ s: odd({ pages: [many, []] }) })
    expect(none.servers[0]).toMatchObject({ state: 'failed', error: expect.stringContaining('2000 tools') })
  })

  it('of thousands are looked at one at a time, while others have their turns', async () => {
    const page = Array.from({ length: 1_000 }, (_, index) => ({ name: `t${index}`, inputSchema: schema }))
    let turns = 0
    let immediate = setImmediate(function next() {
      turns++
      immediate = setImmediate(next)
    })
    onTestFinished(() => clearImmediate(immediate))
    const { names } = await mcp({ s: odd({ pages: [page] }) })
    expect(names()).toHaveLength(1_000)
    expect(turns).toBeGreaterThan(1_000)
  })

  it('change when the server says so, and are read once where it says so again and again', async () => {
    const log = join(folder(), 'log')
    const { tools, names } = await mcp({ s: odd({ calls: ['change'], log }) })
    await call(tools, 'mcp__s__go')
    await until(() => names().includes('mcp__s__other'))
    expect(names()).toEqual(['mcp__s__other'])
    expect(readFileSync(log, 'utf8').match(/listed/g)).toHaveLength(2)
    expect(tools.servers[0]?.tools).toEqual(['mcp__s__other'])
  })

  it('leave out a tool that would make the API refuse every request', async () => {
    const bad = {
      'not an object': { type: 'string' },
      'unknown type': { type: 'object', properties: { a: { type: 'file' } } },
      'no such definition': { type: 'object', properties: { a: { $ref: '#/definitions/a' } } },
      'odd property': { type: 'object', properties: { 'a b': {} } },
      'required is no list': { type: 'object', required: 1 },
      'half a character': { type: 'object', description: 'a\ud800' },
    }
    const page = Object.entries(bad).map(([name, inputSchema]) => ({ name, inputSchema }))
    const good = { name: 'good', description: 'Good \ud800.', inputSchema: { ...schema, description: '"\\\\ud800"' } }
    const { tools, names, warnings } = await mcp({
      s: odd({ pages: [[...page, good, { ...good }, {}, null, { name: 3 }]] }),
    })
    expect(names()).toEqual(['mcp__s__good'])
    expect(tools[0]?.definition).toMatchObject({ description: 'Good \ufffd.' })
    expect(warnings).toHaveLength(7)
    expect(warnings.join('\n')).toContain(
      'its tool "unknown type" is left out: the API would not take its input schema: input.properties.a.type is not one of',
    )
    expect(tools.servers[0]?.leftOut.map(({ name }) => name)).toEqual([...Object.keys(bad), 'good'])
    expect(tools.servers[0]?.leftOut.at(-1)).toEqual({ name: 'good', reason: 'there is another one of its name' })
  })

  it('offer a tool whose schema is of an older draft in the words of the newest, so that a request with it is taken', async () => {
    const server = await createMockServer()
    onTestFinished(() => server.close())
    const definitions = {
      Point: { type: 'array', items: [{ type: 'number', minimum: 0, exclusiveMinimum: true }], examples: 'x' },
      Shape: { type: 'object', properties: { at: { $ref: '#/definitions/Point' } }, required: ['at', 'at'] },
    }
    const page = [
      { name: 'draw', inputSchema: { $ref: '#/definitions/Shape', definitions } },
      { name: 'none' },
      { name: 'empty', inputSchema: [] },
    ]
    const { tools, names, warnings } = await mcp({ s: odd({ pages: [page] }) })
    expect(warnings).toEqual([])
    expect(names()).toEqual(['mcp__s__draw', 'mcp__s__none', 'mcp__s__empty'])
    const schemas = tools.map(({ definition }) => (definition as { input_schema: object }).input_schema)
    const ajv = new Ajv2020({ strict: false })
    for (const one of schemas) expect(ajv.validateSchema(one)).toBe(true)
    expect(schemas).toMatchObject([
      { properties: { at: { $ref: '#/$defs/Point' } }, required: ['at'] },
      { type: 'object' },
      { type: 'object' },
    ])
    const client = createClient({ apiKey: 'test-key', baseURL: server.url })
    const messages = [{ role: 'user' as const, content: 'Draw.' }]
    const run = runTools(client, { model: 'claude-haiku-4-5', max_tokens: 100, messages, tools }, { maxTurns: 5 })
    await run.final()
    expect(server.requests.length).toBeGreaterThan(0)
  })

  it('keep names that the API takes, as they are, and give others one that stays the same', async () => {
    const long = 'x'.repeat(80)
    const page = ['plain', 'with.dot', 'with dot', 'with/dot', long, `${long}y`, 'ünï', '']
    const pages = [page.map((name) => ({ name, inputSchema: schema }))]
    const { names, tools } = await mcp({ 'My Server!': odd({ pages }) })
    expect(names()[0]).toBe('mcp__My_Server__plain')
    expect(new Set(names()).size).toBe(page.length)
    for (const name of names()) expect(name).toMatch(/^mcp__My_Server__[\w-]+$/)
    expect(Math.max(...names().map((name) => name.length))).toBeLessThanOrEqual(64)
    for (const name of names()) expect((await call(tools, name)).text).toBe('done')
    const alone = await mcp({ 'My Server!': odd({ pages: [[{ name: 'with/dot', inputSchema: schema }]] }) })
    expect(alone.names()[0]).toBe(names()[3])
  })
})

describe('closing', () => {
  it('ends the processes, those they have started too, even if they do not want to', async () => {
    const file = join(folder(), 'child')
    const { tools } = await mcp({ s: odd({ stubborn: true, child: file }), gone: { command: 'no-such-program' } })
    const [child] = await idsIn(file)
    expect(isRunning(child!)).toBe(true)
    await tools.close()
    expect(isRunning(child!)).toBe(false)
    expect(tools.servers.map(({ state }) => state)).toEqual(['closed', 'closed'])
    expect(await call(tools, 'mcp__s__go')).toMatchObject({ isError: true, text: expect.stringContaining('closed') })
    await tools.close()
  }, 10_000)

  it('fails the calls that are under way', async () => {
    const { tools } = await mcp({ s: odd({ calls: ['hang'] }) })
    const waiting = call(tools, 'mcp__s__go')
    await tools.close()
    expect((await waiting).isError).toBe(true)
  })
})
