import type { Middleware, Outcome, OutgoingRequest } from '../client/middleware.ts'
import { BudgetExceededError } from '../errors/budget-exceeded-error.ts'
import type { MessageParams } from '../wire/index.ts'
import type { Bookkeeper, Order } from './bookkeeper.ts'
import { countInput } from './bound/count-input.ts'
import type { Reservation } from './ledger/reservation.ts'

type Next = Parameters<Middleware>[1]

/** Sets money aside before each attempt, and settles when its outcome is known. */
export function createUsageMiddleware(books: Bookkeeper, own: string, count: 'local' | 'api'): Middleware {
  return async (request, next) => {
    const order = orderOf(request, own)
    if (!order) return next(request)
    // Asked for before anything is waited for: the attempt may end meanwhile.
    const ended = new Promise<Outcome>((resolve) => request.onOutcome(resolve))
    const reservation = await reserve(books, order, count === 'api' ? { request, next } : undefined)
    let passed = false
    ended.then((outcome) => reservation.close({ ...outcome, sent: outcome.sent && passed })).catch(() => {})
    request.signal.throwIfAborted()
    passed = true
    return next(request)
  }
}

async function reserve(
  books: Bookkeeper,
  order: Order,
  ask: { request: OutgoingRequest; next: Next } | undefined,
): Promise<Reservation> {
  try {
    return await books.reserve(order)
  } catch (error) {
    const [params, another] = order.requests
    if (!ask || !params || another || !(error instanceof BudgetExceededError)) throw error
    return books.reserve({ ...order, inputTokens: await countInput(ask.request, params, ask.next) })
  }
}

/** What a request orders; `undefined` where it costs nothing. */
function orderOf({ method, url, params, body, project = '' }: OutgoingRequest, own: string): Order | undefined {
  const path = /\/v1\/messages(\/batches)?$/.exec(new URL(url).pathname)
  if (method !== 'POST' || !path) return undefined
  const whose = { project: project || own }
  if (!path[1])
    return { ...whose, requests: [Object(params) as MessageParams], body: typeof body === 'string' ? body : undefined }
  const { requests = [] } = Object(params) as { requests?: { params: MessageParams }[] }
  return {
    ...whose,
    requests: [requests].flat().map((request) => Object(request.params) as MessageParams),
    batch: true,
  }
}
