export { type FileStoreOptions, fileStore } from './file-store/file-store.ts'
export type { BrokenLine } from './file-store/journal-reader.ts'
