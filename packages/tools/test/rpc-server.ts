import type { IncomingMessage, RequestListener } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { serve } from './serve.ts'

export interface Request {
  method: string
  id?: number
}

/** An MCP server of ours over HTTP: `answer` may write the response itself, and then returns nothing, or null if later. */
export async function rpc(
  answer: (request: Request, ...rest: Parameters<RequestListener>) => object | null | undefined,
  headers: { [name: string]: string } = {},
  onGet?: RequestListener,
) {
  const requests: { method: string | undefined; rpc: string | undefined; headers: IncomingMessage['headers'] }[] = []
  const server = await serve(async (request, response) => {
    const body = await buffer(request)
    const message = (body.length ? JSON.parse(body.toString()) : {}) as Request
    requests.push({ method: request.method, rpc: message.method, headers: request.headers })
    if (request.method === 'GET' && onGet) return onGet(request, response)
    if (request.method !== 'POST') return void response.writeHead(405).end()
    if (message.id === undefined) return void response.writeHead(202).end()
    const given = answer(message, request, response)
    if (given === null || (!given && response.headersSent)) return
    const result = given ?? usual(message.method)
    response.writeHead(200, { 'content-type': 'application/json', ...headers })
    response.end(JSON.stringify({ jsonrpc: '2.0', id: message.id, result }))
  })
  return { ...server, url: `${server.url}/mcp`, requests }
}

function usual(method: string): object {
  if (method === 'initialize') {
    return { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'own', version: '1' } }
  }
  if (method === 'tools/list') return { tools: [{ name: 'go', inputSchema: { type: 'object' } }] }
  return { content: [{ type: 'text', text: 'done' }] }
}
