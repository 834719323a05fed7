/**
 * The files that tools work on, for a session that puts them back. `codingTools` has one, which uses nothing outside of the
 * tools' folders.
 */
export interface FileAccess {
  /**
   * What is in a file now; `null` where there is none.
   *
   * @param path as in {@link FileChange}
   * @throws {Error} it may not be used, or cannot be read
   */
  read(path: string): Promise<Uint8Array | null>
  /**
   * Gives a file other content, or removes it: whole or not at all, and only if what is in it still is what was expected.
   * `null` stands for no file.
   *
   * @throws {Error} somebody has changed it, it may not be used, or cannot be written
   */
  write(path: string, content: Uint8Array | null, expected: Uint8Array | null): Promise<void>
  /**
   * The files that are there, by path: those that no `.gitignore` leaves out. `undefined` where there are too many to tell.
   * Asked for before and after a command, it shows what the command did.
   */
  list?(signal?: AbortSignal): Promise<ReadonlyMap<string, FileStamp> | undefined>
}

/** A file without its content. */
export interface FileStamp {
  sizeBytes: number
  createdAt: Date
  /** Another one after each change. */
  version: string
}
