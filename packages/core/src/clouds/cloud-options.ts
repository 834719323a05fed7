import type { Credential } from '../client/client.ts'

/** What a cloud sets of a client's options, to be spread into them: `createClient({ ...vertex(), timeoutMs: 60_000 })`. */
export interface CloudClientOptions {
  baseURL: string
  apiKey?: Credential
  authToken?: Credential
  /** Speaks the cloud's protocol: a `fetch` of your own belongs into the options of the cloud, not of the client. */
  fetch: typeof fetch
}

/** What the functions of all clouds take. */
export interface CloudOptions {
  /** In the place of the cloud's own address, as of a gateway. */
  baseURL?: string | undefined
  /** What sends the requests, as `nodeFetch()`. Default: the platform's `fetch`. */
  fetch?: typeof fetch | undefined
}
