import { createAgent, createSessionHandler, followSession } from '../packages/agent/dist/index.js'

/** What a program does with sessions behind a handler, in any runtime: `runtime-sessions.mjs <url>` prints what came of it. */
const [url] = globalThis.Deno?.args ?? process.argv.slice(2)
const agent = createAgent({ apiKey: 'key', baseURL: `${url}/whole`, model: 'claude-haiku-4-5' })
const handler = createSessionHandler(agent, {
  authorize: (request) => request.headers.get('authorization') === 'Bearer me' && { by: 'me' },
  keepMs: 0,
})
const fetch = (address, init) => handler(new Request(address, init))
const address = 'https://sessions.test/sessions/s'
const session = followSession(address, { fetch, headers: { authorization: 'Bearer me' } })
const { id } = await session.send('Hi', { id: 'p' })
const events = []
for await (const event of session) {
  events.push(event)
  if (event.type === 'turn_end') break
}
const again = await followSession(address, { fetch })
  .state()
  .catch(({ status, reason }) => ({ status, reason }))
const { status } = await session.state()
await handler.close()
console.log(
  JSON.stringify({
    id,
    by: events[0].by,
    facts: events.flatMap(({ seq, type }) => (seq ? [type] : [])),
    reply: events.find(({ type }) => type === 'reply').message.content[0].text,
    status,
    stranger: again,
  }),
)
