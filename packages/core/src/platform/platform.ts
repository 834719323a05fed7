import type { Logger } from '../client/logger.ts'
import type { HeaderChange } from '../client/merge-headers.ts'
import type { OutgoingRequest } from '../client/middleware.ts'
import type { BodyReader, bodyReader } from '../http/answer/body-reader.ts'

/** What of a client matters to the platform. */
export interface Sender {
  readonly fetch?: typeof fetch
  readonly logger?: Logger
}

/**
 * What depends on where the code runs. `#platform` in the package's `imports` is the one for browsers where a bundler
 * builds for one, so that its bundles hold nothing of the other.
 */
export interface Platform {
  /** Defaults with what the environment says over them. */
  withEnvironment<T extends object>(defaults: T): T
  /** Whether this is a page or one of its workers, whose every request shows its key to whoever looks. */
  isPage(): boolean
  /**
   * @throws {ConfigError} one of the options that were given for a client is misspelt, or the client cannot work
   */
  checkClient(given: object, client: object): void
  /** @throws {ConfigError} one of the options that were given for a call is misspelt */
  checkCall(given: object): void
  /** Where a credential may come from. */
  readonly credentialNames: string
  /** An error message with what may help. */
  explain(message: string): string
  /** What the platform threw, in words. */
  whyOf(error: unknown): string
  /** The error where the platform's own fetch waited no longer, by what it threw. */
  slowFetch(error: unknown, url: string): Error | undefined
  /** What the platform threw, without what the server sent. */
  tidy(error: unknown): unknown
  /** The messages that nothing was found in before by whoever looked at all that this gave. */
  unseen<T extends object>(messages: Iterable<T>): Iterable<T>
  /** A client that nothing prints the credentials of. */
  seal<T extends object>(client: T): T
  /**
   * Who sends a call, in headers that are the same for all its attempts.
   *
   * @param streamed whether its answer is to arrive in pieces
   * @throws {ConfigError} no answer can
   */
  callHeaders(client: Sender, method: string, streamed: boolean | undefined): HeaderChange[]
  /** Tells the logger of a request, and how it ends. */
  logAttempt(client: Sender, request: OutgoingRequest): void
  /** An answer that no redirect was followed for: it would carry the key to another host. */
  fetchDirect(client: Sender, request: OutgoingRequest): Promise<Response>
  /** The cheapest reader of a response's body; none where there is no body, or none that comes in pieces. */
  readerOf(response: Response & { [bodyReader]?(): BodyReader | undefined }): BodyReader | undefined
  /** Calls back when a signal aborts, until what it gives is called. */
  onAbort(signal: AbortSignal | undefined, callback: () => void): () => void
  /** As `setTimeout`, of any number of milliseconds; gives what stops it. */
  startTimer(ms: number, callback: () => void): () => void
}
