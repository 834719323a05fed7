import type { FileState } from './file-state.ts'
import type { FolderOptions } from './roots.ts'

/** What the tools that read and change files take. */
export interface FileToolOptions extends FolderOptions {
  /**
   * What the conversation knows of the files, made by `createFileState`; the tools of one conversation share it. Default
   * one of its own.
   */
  files?: FileState | undefined
}
