import { addUsage, type Cost, sumCosts, type Usage } from '@enjamb/core'
import type { Reply } from '../reply.ts'

/** A model that gave no answer. */
export interface Declined {
  model: string
  reason: 'refusal' | 'error'
  /** What it failed with. */
  error?: unknown
}

/** A reply, with those that were asked before; `model` is the one that answered, `usage` and `cost` are of all. */
export interface FallbackReply extends Reply {
  declined: Declined[]
}

/** What was spent on those that declined. */
export interface Spent {
  declined: Declined[]
  usage?: Usage
  costs: (Cost | undefined)[]
}

export function addRefusal(spent: Spent, { model, usage, cost }: Reply): void {
  spent.declined.push({ model, reason: 'refusal' })
  spent.usage = addUsage(spent.usage, usage)
  spent.costs.push(cost)
}

export function withSpent(reply: Reply, spent: Spent): FallbackReply {
  const declined = [...spent.declined, ...declinedIn(reply)]
  if (!spent.usage) return { ...reply, declined }
  return { ...reply, declined, usage: addUsage(spent.usage, reply.usage), cost: sumCosts([...spent.costs, reply.cost]) }
}

/** Those that the API asked before the one that answered. */
function declinedIn({ message }: Reply): Declined[] {
  const blocks = message.content as unknown as { type: string; from?: { model: string } }[]
  return blocks.flatMap(({ type, from }) =>
    type === 'fallback' && from ? [{ model: from.model, reason: 'refusal' }] : [],
  )
}
