import { indexedDBStore } from '@enjamb/agent/browser'
import { mockFetch } from '@enjamb/testing'
import { createApp } from '../app/create-app.ts'
import { demoTurns } from './demo-turns.ts'

/** What this file needs of a service worker's own scope, whose types do not go together with those of a page. */
declare const self: {
  registration: { scope: string }
  clients: { claim(): Promise<void> }
  skipWaiting(): Promise<void>
  addEventListener(type: string, listener: (event: WorkerEvent) => void): void
}
interface WorkerEvent {
  request: Request
  respondWith(response: Response | Promise<Response>): void
  waitUntil(work: Promise<unknown>): void
}

const path = new URL('sessions', self.registration.scope).pathname
let latest: WorkerEvent | undefined

// The server of the page, and the API behind it, without a network: an answer goes on while the page is loaded again.
const app = createApp({
  path,
  store: indexedDBStore('browser-chat'),
  apiKey: 'none-is-needed',
  dangerouslyAllowBrowser: true,
  fetch: mockFetch({ script: demoTurns() }),
  retry: { maxRetries: 0 },
  waitUntil: (turn) => latest?.waitUntil(turn.catch(() => {})),
  saveNote: async (title, text) => {
    const notes = await caches.open('notes')
    await notes.put(`/notes/${encodeURIComponent(title)}.md`, new Response(text))
  },
})

self.addEventListener('install', () => void self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
self.addEventListener('fetch', (event) => {
  const { pathname } = new URL(event.request.url)
  if (pathname !== path && !pathname.startsWith(`${path}/`)) return
  latest = event
  event.respondWith(app.fetch(event.request))
})
