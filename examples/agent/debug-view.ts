import { createAgent } from '@enjamb/agent'
import { createClient, type Middleware } from '@enjamb/core'
import { createSSEParser } from '@enjamb/stream'
import { codingTools } from '@enjamb/tools/node'

const start = performance.now()

/** One line for each event of each layer, with the milliseconds since the start. */
function log(layer: string, what: string, detail: unknown = ''): void {
  const ms = (performance.now() - start).toFixed(1).padStart(8)
  const text = typeof detail === 'string' ? detail : JSON.stringify(detail)
  console.log(`${ms} ${layer.padEnd(8)} ${what.padEnd(20)} ${text.slice(0, 100)}`)
}

const http: Middleware = async (request, next) => {
  log('http', request.method, `${request.url}, attempt ${request.attempt + 1}`)
  request.onOutcome(({ error }) => log('http', 'over', error ? String(error) : ''))
  const response = await next(request)
  log('http', String(response.status), response.headers.get('request-id') ?? '')
  if (!response.body) return response
  // A look at what passes, byte by byte as it comes.
  const decoder = new TextDecoder()
  const parser = createSSEParser({ onFrame: ({ event, data }) => log('stream', event, decoder.decode(data)) })
  const look = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      parser.push(chunk)
      controller.enqueue(chunk)
    },
  })
  return new Response(response.body.pipeThrough(look), response)
}

const tools = codingTools({ cwd: process.cwd() })
const agent = createAgent({
  model: 'haiku',
  client: createClient({ middleware: [http] }),
  tools,
})
const session = await agent.session()
for await (const { at: _, type, ...event } of session.send('Which files are here?')) log('agent', type, event)
for await (const { at: _, v: __, type, ...entry } of session.entries()) log('journal', type, entry)
await session.close()
await tools.close()
