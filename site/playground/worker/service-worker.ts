import { type LedgerEntry, type MockFetch, mockFetch, script } from '@enjamb/testing'
import { type Run, runs } from '../../../examples/runs.ts'
import { type WireMessage, wireChannel } from '../messages.ts'
import { eventDelayMs, paceBody, sleep } from './pace-body.ts'

/** What this file needs of a service worker's own scope, whose types do not go together with those of a page. */
declare const self: {
  registration: { scope: string }
  clients: { claim(): Promise<void> }
  skipWaiting(): Promise<void>
  addEventListener(type: string, listener: (event: WorkerEvent) => void): void
}
interface WorkerEvent {
  request: Request
  clientId: string
  respondWith(response: Response | Promise<Response>): void
  waitUntil(work: Promise<unknown>): void
}

/** The API of a run. */
interface RunAPI {
  run: string
  api: MockFetch
}

const most = 20
const begin = new URL('playground/begin', self.registration.scope)
const channel = new BroadcastChannel(wireChannel)
const apis = new Map<string, RunAPI>()

self.addEventListener('install', () => void self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url)
  if (url.origin === begin.origin) {
    if (url.pathname === begin.pathname) event.respondWith(beginRun(event.clientId, url.searchParams))
  } else if (url.origin === 'https://api.anthropic.com') event.respondWith(answer(event))
  else event.respondWith(refuse(403, `There is no network here, so ${url.host} cannot be asked.`))
})

/** A run asks for this first, and so knows that what it asks for later comes here, too. */
function beginRun(client: string, given: URLSearchParams): Response {
  const { turns, rateLimits } = runOf(given.get('example') ?? '')
  const api = mockFetch({ ...(turns && { script: script(turns) }), ...(rateLimits && { rateLimits }) })
  apis.set(client, { run: given.get('run') ?? '', api })
  const [oldest] = apis.keys()
  if (apis.size > most) apis.delete(oldest!)
  return new Response('begun')
}

function runOf(name: string): Partial<Run> {
  return Object.hasOwn(runs, name) ? runs[name as keyof typeof runs] : {}
}

async function answer({ clientId, request }: WorkerEvent): Promise<Response> {
  const running = apis.get(clientId)
  // The browser ends a service worker that has had nothing to do for long, and with it the script of the API.
  if (!running) return refuse(500, 'The API of the playground has fallen asleep: run the snippet again.')
  const { run, api } = running
  // Without an answer the connection was reset: so says the script.
  const response = await api(request).catch(() => Response.error())
  const requestId = response.headers.get('request-id') ?? ''
  const described = describe(api, request, response, requestId)
  tell({ type: 'request', run, ...described })
  const { body } = response
  if (body && response.headers.get('content-type')?.startsWith('text/event-stream'))
    return new Response(
      paceBody(body, () => tell({ type: 'cut', run, requestId })),
      response,
    )
  // What is not streamed takes as long.
  await sleep(eventDelayMs * (described.outputTokens ?? 0))
  return response
}

function describe(api: MockFetch, { method, url }: Request, { status }: Response, requestId: string) {
  const body = api.requests.find((request) => request.requestId === requestId)?.body
  const model = typeof body === 'object' && body && 'model' in body ? String(body.model) : undefined
  // A batch has many answers, which are billed with the request that finds it ended.
  const billed = api.ledger.entries.filter((entry) => entry.requestId === requestId)
  const sum = (of: (entry: LedgerEntry) => number | undefined) =>
    billed.length > 0 ? billed.reduce((total, entry) => total + (of(entry) ?? 0), 0) : undefined
  const inputTokens = sum(({ usage }) => usage.input_tokens)
  const outputTokens = sum(({ usage }) => usage.output_tokens)
  const usd = sum(({ cost }) => cost?.usd)
  const path = new URL(url).pathname.replace('/v1/', '')
  const what = method === 'POST' ? path : `${method} ${path}`
  return { requestId, what, status, model, inputTokens, outputTokens, usd }
}

function refuse(status: number, message: string): Response {
  const error = { type: 'error', error: { type: status === 403 ? 'permission_error' : 'api_error', message } }
  return Response.json(error, { status, headers: { 'x-should-retry': 'false' } })
}

function tell(message: WireMessage): void {
  channel.postMessage(message)
}
