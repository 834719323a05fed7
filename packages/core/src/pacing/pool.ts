import { startTimer } from '#platform'
import type { Middleware, OutgoingRequest } from '../client/middleware.ts'
import { RateLimitError } from '../errors/api/rate-limit-error.ts'
import { createCongestionWindow } from './congestion-window.ts'
import { createQueue } from './queue.ts'
import { createQuota } from './quota.ts'

/** Requests under the same limits, one after another. */
export interface Pool {
  /** Nobody waits and nothing is under way: only what it has learnt would be lost. */
  readonly idle: boolean
  readonly enter: Middleware
}

interface Waiter {
  readonly request: OutgoingRequest
  /** Leaves the line: to the server, or with an error. */
  go(error?: RateLimitError): void
}

/** @param concurrency at least 1 */
export function createPool(concurrency: number, maxPauseMs: number): Pool {
  const throttle = createCongestionWindow(concurrency, Math.min(8000, maxPauseMs))
  const allowance = createQuota()
  // Who tries again has waited before, and goes first.
  const again = createQueue<Waiter>()
  const fresh = createQueue<Waiter>()
  const first = () => again.first ?? fresh.first
  let stopTimer = () => {}

  function pump(): void {
    stopTimer()
    for (let waiter = first(); waiter; waiter = first()) {
      const pausedMs = throttle.waitMs
      if (pausedMs === Infinity) return
      const waitMs = Math.max(pausedMs, allowance.waitMs(waiter.request))
      if (waitMs > 0 && pausedMs <= maxPauseMs) {
        stopTimer = startTimer(Math.ceil(waitMs), pump)
        return
      }
      waiter.go(waitMs > 0 ? pausedError(pausedMs) : undefined)
    }
  }

  const send: Middleware = async (request, next) => {
    const departure = throttle.leave()
    const share = allowance.take(request)
    request.onOutcome((outcome) => {
      share.end(outcome.value)
      departure.end(outcome)
      pump()
    })
    const response = await next(request)
    departure.answered(response, share.answered(response))
    pump()
    return response
  }

  return {
    get idle() {
      return !throttle.inFlight && !first()
    },
    enter: (request, next) =>
      new Promise((resolve, reject) => {
        const { signal } = request
        signal.throwIfAborted()
        const leave = (request.attempt ? again : fresh).add({
          request,
          go(error) {
            leave()
            signal.removeEventListener('abort', onAbort)
            if (error) reject(error)
            // At once, not in a later turn: what is aborted in between would be sent.
            else resolve(send(request, next))
          },
        })
        const onAbort = () => {
          leave()
          reject(signal.reason)
          pump()
        }
        signal.addEventListener('abort', onAbort, { once: true })
        pump()
      }),
  }
}

function pausedError(retryAfterMs: number): RateLimitError {
  const resetsAt = new Date(Date.now() + retryAfterMs)
  return new RateLimitError('The server asked for a longer pause than maxPauseMs.', {
    status: 429,
    retryAfterMs,
    resetsAt,
  })
}
