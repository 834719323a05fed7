/**
 * The failures that may be gone the next time, by the `code` of their errors. All others are final, above all
 * `authentication`, `billing` and `invalid_request`. A server's `x-should-retry` stands over it, and a 408, which has no
 * class of its own, is with them.
 */
export const transientCodes: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'connection',
  'request_timeout',
  'idle_timeout',
  'conflict',
  'rate_limit',
  'server',
  'overloaded',
])
