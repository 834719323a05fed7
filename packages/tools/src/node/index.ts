export { codingTools } from './coding-tools.ts'
export type { FolderOptions } from './folders.ts'
