import { createServer } from 'node:http'
import { createFetchAPI } from './fetch-api.ts'

/** The API of `fetch-api.ts` over HTTP, an event a write; its port goes to the parent. */
const api = createFetchAPI()
const server = createServer((request, response) => {
  request.resume().on('end', async () => {
    const text = await (await api('')).text()
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const frame of text.split(/(?<=\n\n)/)) response.write(frame)
    response.end()
  })
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as { port: number }).port))
process.on('disconnect', () => process.exit())
