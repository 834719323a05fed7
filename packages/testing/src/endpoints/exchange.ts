import type { Bookkeeper } from '../accounts/ledger.ts'
import type { PromptCache } from '../accounts/prompt-cache.ts'
import type { RateLimiter } from '../accounts/rate-limiter.ts'
import type { IncomingRequest } from '../http/incoming-request.ts'
import type { RecordedRequest } from '../http/recorded-request.ts'
import type { Threads } from '../message/threads.ts'
import type { NormalOptions } from '../mock-options.ts'
import type { NewId } from '../random/create-ids.ts'
import type { Random } from '../random/create-random.ts'
import type { Player } from '../script/player.ts'
import type { Batch } from './batches/batch.ts'
import type { StoredFile } from './files/stored-file.ts'

/** What one mock remembers from request to request. */
export interface MockState {
  options: NormalOptions
  player: Player
  cache: PromptCache
  limiter: RateLimiter
  books: Bookkeeper
  threads: Threads
  /** Absent with a seed: each request then has ids of its own. */
  newId: NewId | undefined
  batches: Map<string, Batch>
  files: Map<string, StoredFile>
  requests: RecordedRequest[]
  /** How many requests came in. */
  count: number
}

/** One request on its way through the mock. */
export interface Exchange {
  request: IncomingRequest
  requestId: string
  /** What every response carries. */
  headers: Record<string, string>
  newId: NewId
  /** The same numbers for the same purpose, whatever others are drawn beside them. */
  randomFor(purpose: string): Random
  state: MockState
}

/** A request that has found its route, with its credentials checked. */
export interface OpenExchange extends Exchange {
  /** `{}` where the route takes no JSON. */
  body: Record<string, unknown>
  /** What the request left behind: its headers without credentials. */
  record: RecordedRequest
  /** The id in the path; empty where the route has none. */
  id: string
}
