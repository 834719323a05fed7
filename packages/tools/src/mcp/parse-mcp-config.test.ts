// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how a configuration names variables
import { ConfigError } from '@enjamb/core'
import { describe, expect, it } from 'vitest'
import { call, everything, mcp } from '../../test/mcp-servers.ts'
import { parseMcpConfig } from './index.ts'

const parse = (mcpServers: unknown, variables?: { [name: string]: string | undefined }) =>
  parseMcpConfig(JSON.stringify({ mcpServers }), variables)

describe('a configuration of MCP servers', () => {
  it('gives servers that can be started', async () => {
    const { command, args } = everything
    const server = { type: 'stdio', command: '${NODE}', args, env: { GIVEN: 'for ${WHO:-nobody}' } }
    const { tools } = await mcp(parse({ everything: server }, { NODE: command, WHO: 'me' }))
    expect(JSON.parse((await call(tools, 'mcp__everything__get-env')).text).GIVEN).toBe('for me')
  })

  it('has variables in commands, arguments, environments, folders, URLs and headers, and nowhere else', () => {
    const variables = { A: 'a', B: '${A}', EMPTY: '' }
    const servers = {
      s: { command: '${A}', args: ['-${B}', '${EMPTY}${EMPTY:-c}'], env: { '${A}': '${A}${A}' }, cwd: '/${A}' },
      t: { type: 'http', url: 'https://${HOST:-localhost}/${A}', headers: { authorization: 'Bearer ${A}' } },
      '${A}': { command: '$A ${a-b} ${A' },
    }
    expect(parse(servers, variables)).toEqual({
      s: { command: 'a', args: ['-${A}', 'c'], env: { '${A}': 'aa' }, cwd: '/a' },
      t: { url: 'https://localhost/a', headers: { authorization: 'Bearer a' } },
      '${A}': { command: '$A ${a-b} ${A' },
    })
  })

  it('leaves out what other clients keep there, with variables that nobody needs', () => {
    const server = {
      type: 'http',
      url: 'http://x',
      oauth: { clientId: '${ID}' },
      timeout: 3,
      headersHelper: '${HELPER}',
    }
    expect(parse({ s: server })).toEqual({ s: { url: 'http://x' } })
  })

  it('leaves out servers that are disabled, with what they would need', () => {
    const servers = {
      s: { command: 'x', disabled: true, env: { A: '${NOT_SET}' } },
      t: { command: 'y', disabled: false },
    }
    expect(parse(servers)).toEqual({ t: { command: 'y' } })
  })

  it('may begin with a byte order mark, as editors on Windows write it', () => {
    expect(parseMcpConfig('\ufeff{"mcpServers":{"s":{"command":"x"}}}')).toEqual({ s: { command: 'x' } })
  })

  it.each([
    ['ws', { url: 'ws://x' }, 'The type of MCP server "s" is "stdio" or "http"; "ws" is not supported.'],
    ['sse', { url: 'http://x/sse' }, '"sse" is not supported, and its servers mostly speak http, too.'],
    ['constructor', { url: 'http://x' }, '"constructor" is not supported.'],
    ['http', { command: 'x' }, 'MCP server "s" is of type http, and needs a url.'],
    ['stdio', { url: 'http://x' }, 'MCP server "s" is of type stdio, and needs a command.'],
  ])('is refused where a server is of type %s', (type, server, message) => {
    expect(() => parse({ s: { type, ...server } })).toThrow(ConfigError)
    expect(() => parse({ s: { type, ...server } })).toThrow(message)
  })

  it.each([undefined, {}, { TOKEN: undefined }])('is refused where a variable is not among %j', (variables) => {
    const act = () => parse({ s: { command: 'x', env: { T: '${TOKEN}' } } }, variables)
    expect(act).toThrow(ConfigError)
    expect(act).toThrow('MCP server "s" needs the variable TOKEN, which is not set.')
  })

  it('has no variables but those that are given', () => {
    expect(() => parse({ s: { command: '${constructor}' } })).toThrow('needs the variable constructor')
  })

  it('takes the name of any server', () => {
    const servers = parseMcpConfig('{"mcpServers":{"__proto__":{"command":"x","env":{"__proto__":"y"}}}}')
    expect(Object.entries(servers).map(([name, server]) => [name, JSON.stringify(server)])).toEqual([
      ['__proto__', '{"command":"x","env":{"__proto__":"y"}}'],
    ])
  })

  it.each(['', '{', '{"mcpServers":"secret-1234"', 'null', '[]', '{}', '{"mcpServers":[]}', '{"mcpServers":null}'])(
    'is refused where it is %j, and not shown',
    (text) => {
      expect(() => parseMcpConfig(text)).toThrow(ConfigError)
      expect(() => parseMcpConfig(text)).toThrow(
        /^An MCP configuration is (JSON; this is not|an object with an object "mcpServers")\.$/,
      )
    },
  )

  it.each([
    ['a server that is none', { s: 'node' }, 'needs either a command or a url'],
    [
      'arguments that are no list',
      { s: { command: 'x', args: '-y' } },
      'args of MCP server "s" is not a list of strings',
    ],
    [
      'an argument that is no string',
      { s: { command: 'x', args: [1] } },
      'args of MCP server "s" is not a list of strings',
    ],
    ['an environment that is none', { s: { command: 'x', env: { A: 1 } } }, 'A of MCP server "s" is not a string'],
  ])('is found out when it has %s', async (_, servers, message) => {
    await expect(mcp(parse(servers))).rejects.toThrow(message)
  })
})
