import { buffer } from 'node:stream/consumers'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { call, mcp, odd } from '../../../test/mcp-servers.ts'
import { rpc } from '../../../test/rpc-server.ts'
import { serve } from '../../../test/serve.ts'

type Answer = { result?: { [key: string]: unknown } }
type Refusal = { status?: number; code?: number; text?: string; result?: object }

/** A server of the official SDK that speaks the newest protocol alone, and refuses the older in a way of its own. */
async function newest(refusal: Refusal, change: (answer: Answer) => void = () => {}) {
  const handler = createMcpHandler(
    () => {
      const server = new McpServer({ name: 'new', version: '1' })
      const input = z.object({ a: z.number() })
      server.registerTool('double', { description: 'Twice a.', inputSchema: input }, ({ a }) => ({
        content: [{ type: 'text', text: String(2 * a) }],
      }))
      return server
    },
    { legacy: 'reject' },
  )
  const { url } = await serve(async (request, response) => {
    const body = await buffer(request)
    const { id, method } = body.length ? JSON.parse(body.toString()) : { id: undefined, method: '' }
    if (method === 'initialize' || !body.length) {
      const { status = 200, code, text = '', result } = refusal
      const error = { code, message: 'No.' }
      response.writeHead(status, { 'content-type': code || result ? 'application/json' : 'text/plain' })
      return response.end(
        code || result ? JSON.stringify({ jsonrpc: '2.0', id, ...(code ? { error } : { result }) }) : text,
      )
    }
    const answer = await handler.fetch(
      new Request(`http://localhost${request.url}`, {
        method: request.method!,
        headers: request.headers as { [name: string]: string },
        body: new Uint8Array(body),
      }),
    )
    response.writeHead(
      answer.status,
      Object.fromEntries([...answer.headers].filter(([name]) => name !== 'content-length')),
    )
    for await (const chunk of answer.body ?? []) {
      // In JSON, or in an event.
      response.write(
        Buffer.from(chunk)
          .toString()
          .replace(/\{.*\}/, (message) => changed(message, change)),
      )
    }
    return response.end()
  })
  return `${url}/mcp`
}

function changed(text: string, change: (answer: Answer) => void): string {
  const message = JSON.parse(text)
  change(message)
  return JSON.stringify(message)
}

const initialized = (protocolVersion: string) => ({
  protocolVersion,
  capabilities: { tools: {} },
  serverInfo: { name: 'new', version: '1' },
})

describe('a server that speaks only the newest protocol', () => {
  it.each<readonly [how: string, refusal: Refusal]>([
    ['-32022', { code: -32_022, status: 400 }],
    ['-32020, since headers are missing', { code: -32_020, status: 400 }],
    ['-32601, since there is no such method', { code: -32_601 }],
    ['-32602, since parameters are missing', { code: -32_602, status: 400 }],
    ['-32600', { code: -32_600, status: 400 }],
    ['a 404', { status: 404, text: 'Not here' }],
    ['a 405', { status: 405 }],
    ['a 400 without a word', { status: 400 }],
    ['the newest protocol', { result: initialized('2026-07-28') }],
    ['something else', { result: { supportedVersions: ['2026-07-28'] } }],
  ])('is asked which one it speaks when it answers with %s, as the official client would', async (_, refusal) => {
    const url = await newest(refusal)
    const official = new Client({ name: 'official', version: '1' }, { versionNegotiation: { mode: 'auto' } })
    await official.connect(new StreamableHTTPClientTransport(new URL(url)))
    expect((await official.listTools()).tools.map(({ name }) => name)).toEqual(['double'])
    await official.close()
    const { tools, names, warnings } = await mcp({ s: { url } })
    expect([names(), warnings]).toEqual([['mcp__s__double'], []])
    expect((await call(tools, 'mcp__s__double', { a: 21 })).text).toBe('42')
  })

  it('may have a tool and a part of a result that there are not in it', async () => {
    const url = await newest({ code: -32_601 }, ({ result }) => {
      if (Array.isArray(result?.tools)) result.tools.push({ name: 'bare' }, 3)
      if (Array.isArray(result?.content)) result.content.unshift({ type: 'smell' })
    })
    const { tools, names } = await mcp({ s: { url } })
    expect(names()).toEqual(['mcp__s__double', 'mcp__s__bare'])
    const { text } = await call(tools, 'mcp__s__double', { a: 21 })
    expect(text).toMatch(/^\[Not shown: .*smell.*\]\n42$/)
  })
})

describe('a server that refuses both protocols', () => {
  it('has failed for what it said of the older', async () => {
    const server = await rpc(({ id }, _, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32_603, message: 'I am closed today.' } }))
      return undefined
    })
    const { tools } = await mcp({ s: { url: server.url }, t: odd({ start: 'refuse' }) })
    expect(tools.servers.map(({ error }) => error)).toEqual(['I am closed today.', 'I am not in the mood.'])
    expect(server.requests.map(({ rpc }) => rpc)).toContain('server/discover')
  })

  it.each([401, 403])('is not asked again when it answers with a %i', async (status) => {
    const server = await rpc((_request, _raw, response) => void response.writeHead(status).end())
    await mcp({ s: { url: server.url } })
    expect(server.requests.map(({ rpc }) => rpc)).toEqual(['initialize'])
  })
})
