/**
 * What depends on where the code runs. `#platform` in the package's `imports` is the one for browsers where a bundler
 * builds for one, so that its bundles hold nothing of the other.
 */
export interface Platform {
  /** Defaults with what the environment says over them. */
  withEnvironment<T extends object>(defaults: T): T
  /** Whether this is a page or one of its workers, whose every request shows its key to whoever looks. */
  isPage(): boolean
  /** Who sends a call, the same for all its attempts. */
  callHeaders(method: string): [name: string, value: string][]
  /**
   * An answer that no redirect was followed for: it would carry the key to another host.
   *
   * @param client what has sent before or not
   * @param fetch one that was passed in
   */
  fetchDirect(
    client: object,
    fetch: typeof globalThis.fetch | undefined,
    url: string,
    init: RequestInit,
  ): Promise<Response>
  /** @throws {ConfigError} the platform's own fetch gives a body only when it is whole */
  assertStreams(): void
}
