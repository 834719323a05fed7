import { ConfigError, isEnjambError } from '@enjamb/core'
import { SessionStoreError } from '../errors/session-store-error.ts'

const names = ['sessions', 'entries', 'blobs'] as const

/** The stores of a database, inside a transaction. */
type Stores = Record<(typeof names)[number], IDBObjectStore>

/** A database of sessions, opened when it is first asked. */
export interface Database {
  /**
   * Does all of it or nothing, and resolves when it is on the disk.
   *
   * @throws {SessionStoreError} the database could not, as where the origin's space is used up
   */
  transact<T>(mode: IDBTransactionMode, work: (stores: Stores) => Promise<T>): Promise<T>
}

export function createDatabase(name: string): Database {
  let opened: Promise<IDBDatabase> | undefined

  function open(): Promise<IDBDatabase> {
    opened ??= openDatabase(name, () => {
      opened = undefined
    })
    return opened
  }

  return {
    async transact(mode, work) {
      const transaction = (await open()).transaction(names, mode, { durability: 'strict' })
      const done = new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve()
        transaction.onabort = () => reject(transaction.error)
      })
      done.catch(() => {})
      try {
        const value = await work(
          Object.fromEntries(names.map((store) => [store, transaction.objectStore(store)])) as Stores,
        )
        await done
        return value
      } catch (error) {
        // It is over already where one of its requests failed.
        if (!transaction.error) transaction.abort()
        throw isEnjambError(error) ? error : storeError(error)
      }
    },
  }
}

/** What a request of the database comes to. */
export function answer<T>(request: IDBRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result as T)
    request.onerror = () => reject(request.error)
  })
}

async function openDatabase(name: string, onClose: () => void): Promise<IDBDatabase> {
  if (typeof indexedDB === 'undefined') throw new ConfigError('indexedDBStore needs a browser, with IndexedDB.')
  const request = indexedDB.open(name, 1)
  request.onupgradeneeded = () => {
    request.result.createObjectStore('sessions', { keyPath: 'id' })
    request.result.createObjectStore('entries', { keyPath: ['id', 'seq'] })
    request.result.createObjectStore('blobs')
  }
  try {
    const database = await answer<IDBDatabase>(request)
    // Another tab has a later release, and waits for this one to let go.
    database.onversionchange = () => {
      database.close()
      onClose()
    }
    database.onclose = onClose
    return database
  } catch (error) {
    onClose()
    throw storeError(error)
  }
}

function storeError(error: unknown): SessionStoreError {
  return new SessionStoreError(
    `The browser's database failed (${error}). What was acknowledged is safe: make room, or allow this page to store data.`,
    { cause: error },
  )
}
