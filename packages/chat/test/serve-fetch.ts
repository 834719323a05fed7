import { createServer } from 'node:http'
import { onTestFinished } from 'vitest'

/** A server on a real socket that answers with a fetch handler, as a framework does; closed when the test is done. */
export async function serveFetch(handle: (request: Request) => Promise<Response>): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const gone = new AbortController()
    response.on('close', () => gone.abort())
    const { method = 'GET', url, headers } = request
    const body = method === 'GET' ? null : Buffer.concat(chunks)
    const asked = { method, headers: headers as Record<string, string>, body, signal: gone.signal }
    const answer = await handle(new Request(`http://host${url}`, asked))
    response.writeHead(answer.status, Object.fromEntries(answer.headers))
    if (answer.body) for await (const chunk of answer.body) response.write(chunk)
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    return new Promise((resolve) => void server.close(() => resolve()))
  })
  const { port } = server.address() as { port: number }
  return `http://127.0.0.1:${port}`
}
