import type { Client } from '../client/client.ts'
import type { HeaderChange } from '../client/merge-headers.ts'
import type { Exchange, RequestOptions, RequestSpec } from './request.ts'

/** What all attempts of a call have in common. */
export interface Call<T> {
  client: Client
  spec: RequestSpec
  options: RequestOptions
  read: (exchange: Exchange) => Promise<T>
  timeoutMs: number
  deadlineMs: number
  /** On the clock of `performance.now()`. */
  deadline: number
  body: string | FormData | undefined
  /** Who sends it. */
  headers: readonly HeaderChange[]
}
