import type { Cost, Usage } from '@enjamb/core'
import { SessionNotFoundError } from '../../errors/session-not-found-error.ts'
import type { Entry } from '../../journal/entry.ts'
import type { SessionStore } from '../../journal/session-store.ts'

/** What one request to a model came to. */
export interface Billed {
  model: string
  usage: Usage
  cost?: Cost | undefined
}

/** Makes of entries what they say to have been spent, in their order. */
export function billing(): (entry: Entry) => Billed | undefined {
  let own = ''
  return (entry) => {
    if (entry.type === 'session') own = entry.frozen.model
    if (entry.type === 'reply' || entry.type === 'part') {
      const { model, usage } = entry.message
      return { model, usage, ...(entry.cost && { cost: entry.cost }) }
    }
    if (entry.type !== 'spent' && entry.type !== 'compaction') return undefined
    const { model = own, usage, cost } = entry as { model?: string; usage?: Usage; cost?: Cost }
    return usage && { model, usage, ...(cost && { cost }) }
  }
}

/** What a session's journal says to have been spent, but for the first few. */
export async function billedAfter(store: SessionStore, id: string, first: number): Promise<Billed[]> {
  const toBilled = billing()
  const all: Billed[] = []
  try {
    for await (const entry of store.read(id)) {
      const billed = toBilled(entry)
      if (billed) all.push(billed)
    }
  } catch (error) {
    if (!(error instanceof SessionNotFoundError)) throw error
  }
  return all.slice(first)
}
