import { strictEqual } from 'node:assert'
import Anthropic from '@anthropic-ai/sdk'
import { createClient } from '@enjamb/core'
import { createThread, defineTool, runTools } from '@enjamb/tools'
import { cpuByRound } from '../cpu-by-round.ts'
import { median, type Report } from '../report.ts'

const sizes = [100, 200, 400, 800]
const result = 'It is sunny, and will stay so until the evening. '.repeat(4)
const params = {
  model: 'claude-haiku-4-5',
  max_tokens: 100,
  messages: [{ role: 'user' as const, content: 'Look until you know.' }],
}
const schema = { type: 'object', properties: { n: { type: 'integer' } } } as const
const look = defineTool({ name: 'look', description: 'Looks.', input: schema, readOnly: true, run: () => result })

/** An API that has so many calls made, one in each reply, and counts what it is sent. */
function createAPI(turns: number) {
  const api = { bytes: 0, requests: 0, fetch }
  async function fetch(_: unknown, init?: { body?: unknown }): Promise<Response> {
    const n = api.requests++
    api.bytes += Buffer.byteLength(String(init?.body))
    const usage = { input_tokens: 1, output_tokens: 1 }
    const rest = { model: params.model, content: [], stop_reason: null, stop_sequence: null, usage }
    const call = { type: 'tool_use', id: `toolu_${n}`, name: 'look', input: {}, caller: { type: 'direct' } }
    const content_block = n < turns ? call : { type: 'text', text: 'Done.', citations: null }
    const delta = { type: 'input_json_delta', partial_json: `{"n":${n}}` }
    const stop = { stop_reason: n < turns ? 'tool_use' : 'end_turn', stop_sequence: null }
    const events = [
      { type: 'message_start', message: { id: `msg_${n}`, type: 'message', role: 'assistant', ...rest } },
      { type: 'content_block_start', index: 0, content_block },
      ...(n < turns ? [{ type: 'content_block_delta', index: 0, delta }] : []),
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: stop, usage: { output_tokens: 9 } },
      { type: 'message_stop' },
    ]
    const body = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  }
  return api
}

type API = ReturnType<typeof createAPI>

const ours = async (api: API, turns: number, isThreaded: boolean) => {
  const client = createClient({ apiKey: 'none', fetch: api.fetch as never })
  const thread = isThreaded ? createThread() : undefined
  await runTools(client, { ...params, tools: [look] }, { maxTurns: turns + 1, thread }).final()
}

const contenders: Record<string, (api: API, turns: number) => Promise<unknown>> = {
  '`runTools`': (api, turns) => ours(api, turns, false),
  '`runTools` with a thread': (api, turns) => ours(api, turns, true),
  '`@anthropic-ai/sdk` `toolRunner`, with a thread': async (api) => {
    const client = new Anthropic({ apiKey: 'none', fetch: api.fetch as never })
    const definition = { type: 'custom', name: 'look', description: 'Looks.', input_schema: { ...schema } }
    const tool = { ...definition, parse: (input: unknown) => input, run: () => result }
    const runner = client.beta.messages.toolRunner({ ...params, stream: true, tools: [tool] } as never)
    await runner.runUntilDone()
  },
}

export default async function bench(): Promise<Report> {
  const kB: Record<string, number> = {}
  const runs: Record<string, () => Promise<void>> = {}
  for (const turns of sizes) {
    for (const [name, run] of Object.entries(contenders)) {
      const row = `${name}, ${turns} turns`
      runs[row] = async () => {
        const api = createAPI(turns)
        await run(api, turns)
        strictEqual(api.requests, turns + 1)
        kB[row] = api.bytes / 1000
      }
    }
  }
  const us = await cpuByRound(runs, 5)
  const ms = Object.fromEntries(Object.entries(us).map(([row, times]) => [row, median(times) / 1000]))
  const at = (all: Record<string, number>, name: string, turns: number) => all[`${name}, ${turns} turns`]!
  const [plain, threaded, official] = Object.keys(contenders) as [string, string, string]
  return {
    title: 'A long run of tools',
    method: `One call in each turn, with a result of ${result.length} characters, up to ${sizes.at(-1)} turns. Bytes of the requests' bodies, and the processor's time of the whole run in this process; medians of 5 rounds in turns. A ratio is to half the turns.`,
    rows: Object.keys(contenders).flatMap((name) =>
      sizes.flatMap((turns) => [
        {
          name: `${name}: ${turns} turns, sent`,
          value: at(kB, name, turns),
          unit: 'kB' as const,
          ours: name !== official,
          ...(turns > sizes[0]! && { ratio: at(kB, name, turns) / at(kB, name, turns / 2) }),
        },
        {
          name: `${name}: ${turns} turns, CPU`,
          value: at(ms, name, turns),
          unit: 'ms' as const,
          ours: name !== official,
          ...(turns > sizes[0]! && { ratio: at(ms, name, turns) / at(ms, name, turns / 2) }),
        },
      ]),
    ),
    goals: [
      {
        what: 'sent with a thread, twice the turns',
        atMost: 2.1,
        measured: at(kB, threaded, 800) / at(kB, threaded, 400),
      },
      {
        what: 'CPU with a thread, twice the turns',
        atMost: 2.4,
        measured: at(ms, threaded, 800) / at(ms, threaded, 400),
      },
      {
        what: 'sent, against the official runner',
        atMost: 1.1,
        measured: at(kB, threaded, 800) / at(kB, official, 800),
      },
      {
        what: 'CPU, against the official runner',
        atMost: 0.5,
        measured: at(ms, threaded, 800) / at(ms, official, 800),
      },
      { what: 'CPU without a thread, twice the turns', atMost: 4.4, measured: at(ms, plain, 800) / at(ms, plain, 400) },
    ],
  }
}
