import { strictEqual } from 'node:assert'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { atMostRounds } from '../at-most-rounds.ts'
import { median, type Report } from '../report.ts'
import type { Answer } from './mock-server/server.ts'

const perRound = 2_000
const rounds = atMostRounds(15)
const connections = 8
const agent = new Agent({ keepAlive: true, maxSockets: connections })

const body = (stream: boolean) =>
  JSON.stringify({
    model: 'claude-haiku-5-5',
    max_tokens: 1000,
    stream,
    system: 'You are a helpful assistant.',
    messages: [{ role: 'user', content: 'Why is the sky blue? '.repeat(10) }],
  })

/** What the mock's server costs a request, beside a bare one that writes the same bytes. */
export default async function run(): Promise<Report> {
  const servers = { mock: await startServer('mock'), bare: await startServer('bare') }
  try {
    const rows: Report['rows'] = []
    const goals: Report['goals'] = []
    for (const stream of [false, true]) {
      const answer = await ask(servers.mock.url, stream)
      await servers.bare.tell({ headers: answer.headers, pieces: answer.pieces })
      strictEqual((await ask(servers.bare.url, stream)).pieces.join(''), answer.pieces.join(''))
      const us = { mock: [] as number[], bare: [] as number[] }
      for (let round = -1; round < rounds; round++) {
        for (const name of ['bare', 'mock'] as const) {
          const spent = await cpuOf(servers[name], stream)
          if (round >= 0) us[name].push(spent / perRound)
        }
      }
      const ratio = median(us.mock.map((time, round) => time / us.bare[round]!))
      const what = stream ? `a stream of ${answer.pieces.length} events` : 'a whole message'
      rows.push(
        { name: `bare \`node:http\`, ${what}`, value: median(us.bare), unit: 'µs a request' },
        { name: `\`createMockServer\`, ${what}`, value: median(us.mock), unit: 'µs a request', ratio, ours: true },
      )
      goals.push({ what: `the mock against bare \`node:http\`, ${what}`, atMost: 3, measured: ratio })
    }
    return {
      title: 'The mock server',
      method: `CPU of the server's process, its kernel time included, for a request of 300 bytes on one of ${connections} connections: the mock reads it, holds it against the rules of the API, counts its tokens and makes an answer; a bare \`node:http\` server reads it and writes the same bytes in the same pieces. Medians of ${rounds} rounds of ${perRound} requests, in turns; a ratio is the median of those to the bare server in the same round.`,
      rows,
      goals,
    }
  } finally {
    for (const { close } of Object.values(servers)) close()
    agent.destroy()
  }
}

interface Server {
  url: string
  /** Gives the CPU time used so far, in microseconds. */
  tell(message: Answer | 'cpu'): Promise<number>
  close(): void
}

async function startServer(name: string): Promise<Server> {
  const file = fileURLToPath(new URL('mock-server/server.ts', import.meta.url))
  const child: ChildProcess = fork(file, [name], { execArgv: ['--import', 'tsx'] })
  const [url] = await once(child, 'message')
  const tell = async (message: Answer | 'cpu') => {
    child.send(message)
    const [cpu] = await once(child, 'message')
    return cpu as number
  }
  return { url, tell, close: () => child.disconnect() }
}

async function cpuOf(server: Server, stream: boolean): Promise<number> {
  const before = await server.tell('cpu')
  let left = perRound
  const work = async () => {
    while (left-- > 0) await ask(server.url, stream)
  }
  await Promise.all(Array.from({ length: connections }, work))
  return (await server.tell('cpu')) - before
}

function ask(url: string, stream: boolean): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      'x-api-key': 'any',
      'anthropic-version': '2026-10-21',
    }
    const sent = request(`${url}/v1/messages`, { method: 'POST', headers, agent }, (response) => {
      const pieces: string[] = []
      response.setEncoding('utf8')
      response.on('data', (piece: string) => pieces.push(piece))
      response.on('end', () => {
        const { date, connection, 'keep-alive': _, 'transfer-encoding': __, ...own } = response.headers
        resolve({ headers: own as Record<string, string>, pieces })
      })
      response.on('error', reject)
    })
    sent.on('error', reject)
    sent.end(body(stream))
  })
}
