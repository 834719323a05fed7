/** What the tests of a store ask of it: the `SessionStore` of `@enjamb/agent`. */
export interface TestedStore {
  open(id: string, options?: { create?: boolean; owner?: string }): Promise<TestedLease>
  read(id: string, after?: number): AsyncIterable<TestedEntry>
  follow?(id: string, after: number, signal: AbortSignal): AsyncIterable<TestedEntry>
  list?(query?: { limit?: number; parent?: string }): AsyncIterable<TestedInfo>
  delete?(id: string): Promise<void>
  readonly blobs: {
    put(bytes: Uint8Array): Promise<string>
    get(id: string): Promise<Uint8Array | undefined>
  }
}

/** The right to write a session, as a store under test gives it. */
export interface TestedLease {
  // biome-ignore lint/suspicious/noExplicitAny: a store takes entries of any type.
  append(entries: any[]): Promise<number>
  readonly lost: AbortSignal
  release(): Promise<void>
}

/** An entry as the tests of stores write it. */
export interface TestedEntry {
  v: number
  seq: number
  at: string
  type: string
}

/** What a store under test says of a session. */
export interface TestedInfo {
  id: string
  title?: string | undefined
  createdAt: Date
  updatedAt: Date
}
