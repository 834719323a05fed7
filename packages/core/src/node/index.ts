export { type FileUsageStoreOptions, fileUsageStore } from './file-usage-store.ts'
export { type NodeFetch, nodeFetch } from './node-fetch.ts'
export type { NodeFetchOptions } from './node-fetch-options.ts'
