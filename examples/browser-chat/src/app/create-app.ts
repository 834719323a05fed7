import { type AgentOptions, createAgent, createSessionHandler, type SessionStore } from '@enjamb/agent'
import { permissions } from '@enjamb/tools'
import { Hono } from 'hono'
import { createTools, type SaveNote } from './create-tools.ts'
import { listChats } from './list-chats.ts'

export interface AppOptions extends AgentOptions {
  store: SessionStore
  saveNote: SaveNote
  /** Below which the chats are. */
  path?: string
  waitUntil?: (turn: Promise<unknown>) => void
}

/**
 * What the page talks to. It is the same on a server, with files and a key, and in a service worker, with the browser's
 * database and no key at all.
 */
export function createApp({ saveNote, path = '/sessions', waitUntil, ...options }: AppOptions) {
  const agent = createAgent({
    model: 'sonnet',
    tools: createTools(saveNote),
    // What only reads is done at once; anything else waits for the person at the page.
    permission: permissions({ canUseTool: () => ({ defer: true }) }),
    ...options,
  })
  const sessions = createSessionHandler(agent, {
    path,
    // Whoever reaches this server may do everything. Yours looks at who is signed in, and whose chat `id` is.
    authorize: () => true,
    onError: (error) => console.error(error),
    waitUntil,
  })
  const app = new Hono()
  app.get(path, async ({ json }) => json(await listChats(options.store)))
  app.all(`${path}/*`, ({ req }) => sessions(req.raw))
  return Object.assign(app, { close: sessions.close })
}
