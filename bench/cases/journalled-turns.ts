import { strictEqual } from 'node:assert'
import { createAgent } from '@enjamb/agent'
import { type Client, createClient, type MessageParam } from '@enjamb/core'
import { defineTool, limitMedia, runTools } from '@enjamb/tools'
import { cpuByRound, pairedRatio } from '../cpu-by-round.ts'
import { median, type Report } from '../report.ts'
import { startServer } from './http/processes.ts'

const turns = 30
const result = 'It is sunny, and will stay so until the evening. '.repeat(20)
const input = { type: 'object', properties: { n: { type: 'integer' } } } as const
const look = defineTool({ name: 'look', description: 'Looks.', input, readOnly: true, run: () => result })
const params = { model: 'claude-haiku-4-5', max_tokens: 1_000 }
const system = 'You look until you know. '.repeat(200)

/** A conversation whose history the caller keeps. */
async function byLoop(client: Client): Promise<number> {
  let messages: MessageParam[] = []
  for (let n = 0; n < turns; n++) {
    const prompt = { role: 'user' as const, content: `Question ${n}?` }
    const options = { beforeTurn: limitMedia() }
    const run = runTools(client, { ...params, system, messages: [...messages, prompt], tools: [look] }, options)
    messages = (await run.final()).messages
  }
  return messages.length
}

/** The same in a session. */
async function bySession(client: Client): Promise<number> {
  const agent = createAgent({ client, model: params.model, maxTokens: 1_000, system, tools: [look] })
  const session = await agent.session()
  for (let n = 0; n < turns; n++) await session.send(`Question ${n}?`).final()
  const { length } = session.messages
  await session.close()
  return length
}

/** What a turn costs beyond the loop that it is made with. */
export default async function run(): Promise<Report> {
  const server = await startServer('../sessions/server.ts')
  const client = createClient({ apiKey: 'none', baseURL: `http://127.0.0.1:${server.port}` })
  strictEqual(await byLoop(client), turns * 4)
  strictEqual(await bySession(client), turns * 4)
  const us = await cpuByRound({ loop: () => byLoop(client), session: () => bySession(client) }, 21)
  server.close()
  const ratio = pairedRatio(us.session, us.loop)
  return {
    title: 'Turns with a journal',
    method: `A conversation of ${turns} turns with a call each, over HTTP, the server in another process, an event a write: by \`runTools\`, the history handed on, and in a session with a journal in memory. The processor's time of the client's process; medians of 21 rounds in turns, the ratio that of the same rounds.`,
    rows: [
      { name: '`runTools` alone', value: median(us.loop) / 1000, unit: 'ms' },
      { name: '`session.send`, with `memoryStore`', value: median(us.session) / 1000, unit: 'ms', ratio, ours: true },
    ],
    goals: [{ what: 'a journalled turn against `runTools` alone', atMost: 1.1, measured: ratio }],
  }
}
