export { indexedDBStore } from './indexed-db-store.ts'
