import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createMockServer } from '@enjamb/testing'

/** What the bare server says, whatever it is asked. */
export interface Answer {
  headers: Record<string, string>
  /** In the pieces that are written. */
  pieces: string[]
}

/**
 * The mock, or a bare `node:http` server that reads a request and answers with what it is told, in a process of its own.
 * It takes two messages: an answer, and `cpu`, to which it replies with the CPU time that it has used.
 */
const isBare = process.argv[2] === 'bare'
let answer: Answer = { headers: {}, pieces: [] }

async function start(): Promise<string> {
  if (!isBare) return (await createMockServer({ seed: 1, padding: false })).url
  const server = createServer((request, response) => {
    request.resume()
    request.once('end', () => {
      response.writeHead(200, answer.headers)
      for (const piece of answer.pieces.slice(0, -1)) response.write(piece)
      response.end(answer.pieces.at(-1))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

process.on('message', (message: Answer | 'cpu') => {
  if (message !== 'cpu') answer = message
  const { user, system } = process.cpuUsage()
  process.send?.(user + system)
})
process.on('disconnect', () => process.exit())
process.send?.(await start())
