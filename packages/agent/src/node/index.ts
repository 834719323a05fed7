export { type FileStoreOptions, fileStore } from './file-store/file-store.ts'
export type { BrokenLine } from './file-store/journal-reader.ts'
export { type LogFile, type OpenLogOptions, openLog } from './log/open-log.ts'
export { type WithLogOptions, withLog } from './log/with-log.ts'
