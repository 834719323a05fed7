import { type Cost, type MessageParam, sumCosts } from '@enjamb/core'
import type { Reply } from '../reply.ts'
import { totalTokens } from '../total-tokens.ts'

/** What is asked: a prompt or a conversation; with an `id`, the result has that rather than the place in the list. */
export type BatchInput = string | MessageParam[] | { id: string; prompt: string | MessageParam[] }

/** What came of one input. */
export type BatchResult = BatchSuccess | BatchFailure

interface ResultHead {
  /** The input's; without one its place in the list, from `0` on. */
  id: string
  /** What was asked; `undefined` in a resumed batch whose inputs are not given. */
  prompt: string | MessageParam[] | undefined
}

/** A prompt of a batch, with its reply. */
export interface BatchSuccess extends ResultHead {
  status: 'completed'
  reply: Reply
  /** Of the reply at list prices, which are half in a message batch; `undefined` for a model without one. */
  cost: Cost | undefined
  error?: undefined
}

/** A prompt of a batch that got no reply. */
export interface BatchFailure extends ResultHead {
  status: 'failed'
  error: Error
  reply?: undefined
  cost?: undefined
}

/** What all inputs came to. */
export interface BatchReply {
  total: number
  completed: number
  failed: number
  /** In the order of the inputs. */
  results: BatchResult[]
  /** Of the completed ones; `undefined` where one of them has no list price. */
  totalCost: Cost | undefined
  totalTokens: number
}

/** How far a batch is. */
export type BatchProgress = Pick<BatchReply, 'total' | 'completed' | 'failed'>

const nothing: Cost = { nanoUsd: 0, usd: 0, input: 0, output: 0, cacheWrite: 0, cacheRead: 0, other: 0 }

export function toBatchReply(results: BatchResult[]): BatchReply {
  const successes = results.filter((result) => result.status === 'completed')
  return {
    total: results.length,
    completed: successes.length,
    failed: results.length - successes.length,
    results,
    totalCost: sumCosts([nothing, ...successes.map(({ cost }) => cost)]),
    totalTokens: successes.reduce((sum, { reply }) => sum + totalTokens(reply.usage), 0),
  }
}
