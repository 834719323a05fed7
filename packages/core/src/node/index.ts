export { type FileUsageStoreOptions, fileUsageStore } from './file-usage-store.ts'
