import { sessionStoreTests } from '@enjamb/testing'
import { describe, it } from 'vitest'
import { memoryStore } from './memory-store.ts'
import type { SessionStore } from './session-store.ts'

const stores = new Map<string, SessionStore>()

function storeOf(name: string): SessionStore {
  const store = stores.get(name) ?? memoryStore()
  stores.set(name, store)
  return store
}

describe('the memory store', () => {
  for (const { name, run } of sessionStoreTests(storeOf)) it(name, run)
})
