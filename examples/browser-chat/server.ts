import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { fileStore } from '@enjamb/agent/node'
import { serve } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import { createApp } from './src/app/create-app.ts'

// The key stays here: it comes from ANTHROPIC_API_KEY, and no page ever sees it.
const app = createApp({
  store: fileStore('sessions'),
  async saveNote(title, text) {
    await mkdir('notes', { recursive: true })
    await writeFile(`notes/${title.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 60)}.md`, text)
  },
})
app.get('*', serveStatic({ root: fileURLToPath(new URL('dist', import.meta.url)) }))

const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env.PORT ?? 8787) }, ({ port }) =>
  console.log(`http://127.0.0.1:${port}`),
)
process.once('SIGTERM', async () => {
  await app.close()
  server.close()
})
