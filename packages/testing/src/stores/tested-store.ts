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

export interface TestedLease {
  // biome-ignore lint/suspicious/noExplicitAny: a store takes entries of any type.
  append(entries: any[]): Promise<number>
  readonly lost: AbortSignal
  release(): Promise<void>
}

export interface TestedEntry {
  v: number
  seq: number
  at: string
  type: string
}

export interface TestedInfo {
  id: string
  title?: string | undefined
  createdAt: Date
  updatedAt: Date
}
