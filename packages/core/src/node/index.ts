export { type NodeFetch, nodeFetch } from './fetch/node-fetch.ts'
export type { NodeFetchOptions } from './fetch/node-fetch-options.ts'
export { type FileUsageStoreOptions, fileUsageStore } from './usage-store/file-usage-store.ts'
export { isProcessGone, processIdentity } from './usage-store/process-identity.ts'
