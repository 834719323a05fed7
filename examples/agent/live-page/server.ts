import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createAgent, createSessionHandler } from '@enjamb/agent'
import { fileStore, toNodeListener } from '@enjamb/agent/node'
import { build } from 'esbuild'

const file = (name: string) => new URL(name, import.meta.url)
const page = await readFile(file('page.html'))
const bundle = await build({
  entryPoints: [file('page.ts').pathname],
  bundle: true,
  format: 'esm',
  conditions: ['@enjamb/source'], // of this repository, whose packages need no build then
  write: false,
})
const script = bundle.outputFiles[0]!.text

const agent = createAgent({ model: 'sonnet', store: fileStore('sessions') })
// Whoever reaches this machine may do everything: a server of yours looks at who is signed in, and whose session it is.
const sessions = createSessionHandler(agent, { authorize: () => true, onError: console.error })

const server = createServer(
  toNodeListener(async (request) => {
    const { pathname } = new URL(request.url)
    if (pathname === '/') return new Response(page, { headers: { 'content-type': 'text/html; charset=utf-8' } })
    if (pathname === '/page.js') return new Response(script, { headers: { 'content-type': 'text/javascript' } })
    return sessions(request)
  }),
)
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${Object(server.address()).port}`)
})
process.once('SIGTERM', async () => {
  await sessions.close()
  server.close()
})
