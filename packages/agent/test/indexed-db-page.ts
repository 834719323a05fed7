import { type StoreTest, sessionStoreTests } from '@enjamb/testing'
import { indexedDBStore } from '../src/browser/index.ts'

const tests = new Map<string, StoreTest>(sessionStoreTests(indexedDBStore).map((test) => [test.name, test]))

/** Gives what went wrong. */
export function run(name: string): Promise<string | undefined> {
  return tests
    .get(name)!
    .run()
    .then(
      () => undefined,
      (error) => `${error.message}\n${error.stack}`,
    )
}

/** Opens a session, and holds it for as long as the page lives. */
export async function hold(id: string): Promise<string> {
  const lease = await indexedDBStore('held')
    .open(id, { create: true, owner: 'a tab' })
    .catch((error) => error)
  if (!lease.append) return `${lease.code} ${lease.message}`
  return `held ${await lease.append([{ type: 'note', name: 'n' }])}`
}
