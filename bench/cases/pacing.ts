import { strictEqual } from 'node:assert'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import Anthropic from '@anthropic-ai/sdk'
import { createClient, createMessage, createPacer } from '@enjamb/core'
import type { Report } from '../report.ts'
import { minuteMs, perMinute } from './pacing/allowance.ts'

const calls = 150
const idealMs = ((calls - perMinute) / perMinute) * minuteMs
const params = {
  model: 'claude-haiku-4-5' as const,
  max_tokens: 10,
  messages: [{ role: 'user' as const, content: 'x' }],
}
const maxRetries = 10_000

type Call = () => Promise<{ content: unknown[] }>

const contenders: Record<string, (baseURL: string) => Call> = {
  paced(baseURL) {
    const client = createClient({ baseURL, apiKey: 'key', middleware: [createPacer().middleware] })
    return () => createMessage(client, params)
  },
  retried(baseURL) {
    const client = createClient({ baseURL, apiKey: 'key', retry: { maxRetries } })
    return () => createMessage(client, params)
  },
  official(baseURL) {
    const client = new Anthropic({ baseURL, apiKey: 'key', maxRetries, logLevel: 'off' })
    return () => client.messages.create(params)
  },
}

const names: Record<string, string> = {
  paced: '`createMessage` with `createPacer`',
  retried: '`createMessage`, retries alone',
  official: '`messages.create` of `@anthropic-ai/sdk`, retries alone',
}

/** What a burst beyond the rate limit costs: time, and requests that are refused. */
export default async function run(): Promise<Report> {
  const file = fileURLToPath(new URL('pacing/server.ts', import.meta.url))
  const server = fork(file, { execArgv: ['--import', 'tsx'] })
  const [port] = await once(server, 'message')
  const time: Record<string, number> = {}
  const requests: Record<string, number> = {}
  try {
    for (const [contender, connect] of Object.entries(contenders)) {
      const baseURL = `http://127.0.0.1:${port}/${contender}`
      // Once for the machine to know the way; it counts for another client.
      await connect(`${baseURL}-warm-up`)()
      const call = connect(baseURL)
      const start = performance.now()
      const answers = await Promise.all(Array.from({ length: calls }, call))
      time[contender] = (performance.now() - start) / idealMs
      strictEqual(answers.filter(({ content }) => content.length === 1).length, calls)
      const refused = await (await fetch(baseURL)).text()
      requests[contender] = (calls + Number(refused)) / calls
    }
  } finally {
    server.disconnect()
  }
  const rows = (what: string, values: Record<string, number>): Report['rows'] =>
    Object.entries(names).map(([contender, name]) => ({
      name: `${name}: ${what}`,
      value: values[contender]!,
      unit: '×',
      ratio: values[contender]! / values.paced!,
      ours: contender !== 'official',
    }))
  return {
    title: 'A burst beyond the rate limit',
    method: `${calls} calls at once against a server in another process that allows ${perMinute} a minute in a bucket that fills steadily, and sends the API's headers; its minute takes ${minuteMs / 1000} s. Time is given as a multiple of the shortest that the limit allows, requests for each call that is answered. Everybody retries until all are answered; with the 2 retries of the default, most calls beyond the first ${perMinute} would fail without a pacer.`,
    rows: [...rows('time', time), ...rows('requests', requests)],
    goals: [
      { what: 'time with a pacer, of the ideal', atMost: 1.1, measured: time.paced! },
      { what: 'requests with a pacer, for each call', atMost: 1.05, measured: requests.paced! },
    ],
  }
}
