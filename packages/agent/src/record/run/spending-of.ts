import { type Cost, costOf, type Usage } from '@enjamb/core'
import type { Entry } from '../../journal/entry.ts'

/** What one answer of a model used. */
export interface Spending {
  model: string
  usage: Usage
  /** `undefined` where the model has no price. */
  cost: Cost | undefined
}

/**
 * What an entry says that models were used for: a reply, what there was of one, a summary, the models that a tool asked.
 *
 * @param model the session's, for what does not name its own
 */
export function spendingOf(entry: Entry, model: string): Spending[] {
  if (entry.type === 'reply' || entry.type === 'part') {
    const { message } = entry
    if (!message?.usage) return []
    return [
      { model: message.model, usage: message.usage, cost: entry.cost ?? costOf(message.model, message.usage, message) },
    ]
  }
  if (entry.type === 'compaction' && entry.usage) {
    return [{ model, usage: entry.usage, cost: entry.cost ?? costOf(model, entry.usage) }]
  }
  if (entry.type === 'spent') return [{ ...entry, cost: entry.cost ?? costOf(entry.model, entry.usage) }]
  return []
}
