import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createMockServer, script, type Turn } from '@enjamb/testing'
import { onTestFinished } from 'vitest'
import {
  type AgentOptions,
  createAgent,
  createSessionHandler,
  type SessionHandler,
  type SessionHandlerOptions,
} from '../src/index.ts'
import { toNodeListener } from '../src/node/index.ts'

/** Serves what answers requests with a real server, until the test is over. */
export async function serve(handle: (request: Request) => Promise<Response>) {
  const server = createServer(toNodeListener(handle))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

/** An agent's sessions behind a server, and the mock of the API behind it. */
export async function serveSessions(
  turns: Turn[],
  { authorize = () => true, ...options }: Partial<SessionHandlerOptions> = {},
  settings: AgentOptions = {},
) {
  const api = await createMockServer({ script: script(turns) })
  onTestFinished(() => api.close())
  const given = { apiKey: 'sk-ant-secret', baseURL: api.url, retry: { maxRetries: 0 }, ...settings }
  const agent = createAgent(given)
  const handler: SessionHandler = createSessionHandler(agent, { authorize, keepMs: 0, retryMs: 1, ...options })
  onTestFinished(() => handler.close())
  const { url, server } = await serve(handler)
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${url}/sessions/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  return { api, agent, handler, server, url, at: `${url}/sessions/s`, post, settings: given }
}

/** Status and body of an answer. */
export async function answerOf(answer: Response | Promise<Response>): Promise<[number, unknown]> {
  const response = await answer
  return [response.status, await response.json()]
}
