import type { Middleware, Outcome, OutgoingRequest } from '../client/middleware.ts'
import { BudgetExceededError } from '../errors/budget-exceeded-error.ts'
import { toBody } from '../http/to-body.ts'
import type { MessageParams } from '../wire/index.ts'
import type { Bookkeeper, Order } from './bookkeeper.ts'
import { boundCost } from './bound/cost-bound.ts'
import { countInput } from './bound/count-input.ts'
import { leastOutput, lowerOutput } from './bound/lower-output.ts'
import type { Reservation } from './ledger/reservation.ts'

type Next = Parameters<Middleware>[1]

export interface UsageMiddlewareOptions {
  /** Whose the calls are that name no project. */
  own: string
  count: 'local' | 'api'
  minOutputTokens: number | undefined
}

/** What is set aside, and for what: the request as it was, or one that may write less. */
interface Held {
  reservation: Reservation
  params: MessageParams | undefined
}

/** Sets money aside before each attempt, and settles when its outcome is known. */
export function createUsageMiddleware(books: Bookkeeper, options: UsageMiddlewareOptions): Middleware {
  return async (request, next) => {
    const order = orderOf(request, options.own)
    if (!order) return next(request)
    // Asked for before anything is waited for: the attempt may end meanwhile.
    const ended = new Promise<Outcome>((resolve) => request.onOutcome(resolve))
    const { reservation, params } = await reserve(books, order, { ...options, request, next })
    let passed = false
    ended.then((outcome) => reservation.close({ ...outcome, sent: outcome.sent && passed })).catch(() => {})
    request.signal.throwIfAborted()
    passed = true
    return next(params === order.requests[0] ? request : { ...request, params, body: toBody(params) })
  }
}

async function reserve(
  books: Bookkeeper,
  order: Order,
  { request, next, count, minOutputTokens }: UsageMiddlewareOptions & { request: OutgoingRequest; next: Next },
): Promise<Held> {
  const [params, another] = order.requests
  let measured = order
  try {
    return { reservation: await books.reserve(order), params }
  } catch (error) {
    if (!params || another || !(error instanceof BudgetExceededError)) throw error
    let refusal = error
    const canWriteLess = minOutputTokens !== undefined && !order.batch
    if (count === 'api') {
      try {
        measured = { ...order, inputTokens: await countInput(request, params, next) }
        return { reservation: await books.reserve(measured), params }
      } catch (error) {
        request.signal.throwIfAborted()
        if (error instanceof BudgetExceededError) refusal = error
        // Not every gateway counts; less output may do.
        else if (!canWriteLess) throw error
      }
    }
    if (!canWriteLess) throw refusal
    return reserveLess(books, measured, params, minOutputTokens, refusal)
  }
}

/**
 * Reserves for as much output as the budget still has room for. The worst case grows evenly with it, as a rule, so the first guess
 * fits; where others spend at the same time, a smaller one does.
 *
 * @throws {BudgetExceededError} not even the least of it fits
 */
async function reserveLess(
  books: Bookkeeper,
  order: Order,
  params: MessageParams,
  minOutputTokens: number,
  refusal: BudgetExceededError,
): Promise<Held> {
  const { body, inputTokens } = order
  const { searchTokens } = books
  const least = leastOutput(params, minOutputTokens)
  if (least === params.max_tokens) throw refusal
  const lowest = boundCost(lowerOutput(params, least, minOutputTokens), { body, inputTokens, searchTokens }).nanoUsd
  let { estimatedCost, remaining } = refusal
  for (let most = params.max_tokens; ; ) {
    const share = (remaining * 1e9 - lowest) / (estimatedCost * 1e9 - lowest)
    const guess = Math.floor(least + share * (most - least))
    // At the least it is the books that say that it does not fit.
    const tokens = guess > least ? Math.min(guess, most - 1) : least
    const lowered = lowerOutput(params, tokens, minOutputTokens)
    try {
      return { reservation: await books.reserve({ ...order, requests: [lowered] }), params: lowered }
    } catch (error) {
      if (tokens === least || !(error instanceof BudgetExceededError)) throw error
      most = tokens
      estimatedCost = error.estimatedCost
      remaining = error.remaining
    }
  }
}

/** What a request orders; `undefined` where it costs nothing. */
function orderOf(
  { method, url, params, body, project = '', ...request }: OutgoingRequest,
  own: string,
): Order | undefined {
  const path = /\/v1\/messages(\/batches)?$/.exec(new URL(url).pathname)
  if (method !== 'POST' || !path) return undefined
  const origin = request.origin && { ...request.origin, attempt: request.attempt }
  const whose = { project: project || own, ...(origin && { origin }) }
  if (!path[1])
    return { ...whose, requests: [Object(params) as MessageParams], body: typeof body === 'string' ? body : undefined }
  const { requests = [] } = Object(params) as { requests?: { params: MessageParams }[] }
  return {
    ...whose,
    requests: [requests].flat().map((request) => Object(request.params) as MessageParams),
    batch: true,
  }
}
