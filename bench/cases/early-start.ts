import { strictEqual } from 'node:assert'
import Anthropic from '@anthropic-ai/sdk'
import { createClient } from '@enjamb/core'
import { defineTool, runTools } from '@enjamb/tools'
import { medians, type Report } from '../report.ts'

const tools = 5
const toolMs = 200
const blockMs = 150
const streamMs = tools * blockMs

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const message = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-haiku-4-5',
  content: [],
  stop_reason: null,
  stop_sequence: null,
  usage: { input_tokens: 1, output_tokens: 1 },
}

function* blocks(asked: boolean): Generator<object[]> {
  yield [{ type: 'message_start', message }]
  for (let index = 0; index < (asked ? tools : 1); index++) {
    const content_block = asked
      ? { type: 'tool_use', id: `toolu_${index}`, name: 'wait', input: {} }
      : { type: 'text', text: 'Done.' }
    const delta = { type: 'input_json_delta', partial_json: `{"n":${index}}` }
    yield [
      { type: 'content_block_start', index, content_block },
      ...(asked ? [{ type: 'content_block_delta', index, delta }] : []),
      { type: 'content_block_stop', index },
    ]
  }
  const delta = { stop_reason: asked ? 'tool_use' : 'end_turn', stop_sequence: null }
  yield [{ type: 'message_delta', delta, usage: { output_tokens: 9 } }, { type: 'message_stop' }]
}

/** Five calls, each a while after the one before; then, when they are answered, the end. */
async function fetch(_: unknown, init?: { body?: unknown }): Promise<Response> {
  // The official runner sends only what is new, in a thread.
  const asked = !String(init?.body).includes('tool_result')
  const parts = blocks(asked)
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value: events, done } = parts.next()
      if (done) return controller.close()
      if ((events[0] as { type: string }).type === 'content_block_start' && asked) await sleep(blockMs)
      const frames = events.map(
        (event) => `event: ${(event as { type: string }).type}\ndata: ${JSON.stringify(event)}\n\n`,
      )
      controller.enqueue(new TextEncoder().encode(frames.join('')))
    },
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
}

let made = 0
const run = async () => {
  made++
  await sleep(toolMs)
  return 'waited'
}
const schema = { type: 'object', properties: { n: { type: 'integer' } } } as const
const wait = defineTool({ name: 'wait', description: 'Waits.', input: schema, readOnly: true, run })
const client = createClient({ apiKey: 'none', fetch: fetch as never })
const official = new Anthropic({ apiKey: 'none', fetch: fetch as never })
const params = {
  model: 'claude-haiku-4-5',
  max_tokens: 100,
  messages: [{ role: 'user' as const, content: 'Wait five times.' }],
}

const contenders = {
  '`runTools`': () => runTools(client, { ...params, tools: [wait] }).final(),
  '`@anthropic-ai/sdk` `toolRunner`': () =>
    official.beta.messages.toolRunner({
      ...params,
      stream: true,
      tools: [
        {
          type: 'custom',
          name: 'wait',
          description: 'Waits.',
          input_schema: { ...schema },
          parse: (input: unknown) => input,
          run,
        },
      ],
    } as never),
}

export default async function bench(): Promise<Report> {
  for (const contender of Object.values(contenders)) {
    made = 0
    await contender()
    strictEqual(made, tools)
  }
  const ms = await medians<keyof typeof contenders>(contenders, 5)
  const ours = ms['`runTools`']
  const shortest = streamMs + toolMs
  return {
    title: 'Tools that start while the model still streams',
    method: `${tools} read-only tools of ${toolMs} ms in one reply, whose calls come ${blockMs} ms apart. Medians of 5.`,
    rows: [
      { name: 'the stream and one tool', value: shortest, unit: 'ms', ratio: shortest / ours },
      ...Object.entries(ms).map(([name, value]) => ({
        name,
        value,
        unit: 'ms' as const,
        ratio: value / ours,
        ours: name === '`runTools`',
      })),
    ],
    goals: [{ what: 'against the stream and one tool', atMost: 1.05, measured: ours / shortest }],
  }
}
