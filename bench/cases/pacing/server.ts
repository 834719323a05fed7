import { createServer } from 'node:http'
import { type Allowance, minuteMs, perMinute, takeOne } from './allowance.ts'

/**
 * An API that allows each client, told by the first part of the path, 50 requests a minute, in a process of its own; a
 * minute is short here, and so is every second of `retry-after`. `GET` gives how many requests of a client it has refused.
 */
const allowances = new Map<string, Allowance>()

const message = JSON.stringify({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'm-1',
  content: [{ type: 'text', text: 'Done.' }],
  stop_reason: 'end_turn',
  usage: { input_tokens: 10, output_tokens: 2 },
})
const refusal = JSON.stringify({ type: 'error', error: { type: 'rate_limit_error', message: 'Too many requests.' } })

const server = createServer((request, response) => {
  request.resume()
  const key = request.url!.split('/')[1]!
  if (request.method === 'GET') return response.end(String(allowances.get(key)?.refused))
  const allowance = allowances.get(key) ?? { level: perMinute, at: Date.now(), refused: 0 }
  allowances.set(key, allowance)
  const { ok, headers } = takeOne(allowance)
  response.writeHead(ok ? 200 : 429, { 'content-type': 'application/json', ...headers })
  // A refusal comes at once; an answer takes a second of such a minute.
  return setTimeout(() => response.end(ok ? message : refusal), ok ? minuteMs / 60 : 0)
})
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as { port: number }).port))
process.on('disconnect', () => process.exit())
