import type { Platform } from './platform.ts'

// Statements, not constants: a bundler puts what such a function gives in the place of each call.

export function withEnvironment<T extends object>(defaults: T): T {
  return defaults
}

export function seal<T extends object>(client: T): T {
  return client
}

export function explain(message: string): string {
  return message
}

export function tidy(error: unknown): unknown {
  return error
}

// It looks at them faster than it writes them as JSON.
export function unseen<T extends object>(messages: Iterable<T>): Iterable<T> {
  return messages
}

export function slowFetch(): undefined {}

// Developers have seen what these have to say.
export function checkClient(): void {}
export function checkCall(): void {}

// It shows every request to its developer.
export function logAttempt(): void {}

export const credentialNames = 'apiKey or authToken'

export const whyOf: Platform['whyOf'] = (error) => `${(error as Error)?.message || error}`

export const isPage: Platform['isPage'] = () => true

// It says who it is by itself, and would ask the server's leave for further headers.
export const callHeaders: Platform['callHeaders'] = () => [['anthropic-dangerous-direct-browser-access', 'true']]

// An error would not say that it was a redirect.
export const fetchDirect: Platform['fetchDirect'] = ({ fetch: ask = fetch }, request) =>
  ask(request.url, { ...request, redirect: 'manual' } as RequestInit)

export const readerOf: Platform['readerOf'] = ({ body }) => body?.getReader()

export const onAbort: Platform['onAbort'] = (signal, callback) => {
  signal?.addEventListener('abort', callback)
  return () => signal?.removeEventListener('abort', callback)
}

// It counts in 31 bits, and beyond them fires at once. No page lasts as long as 24 days.
export const startTimer: Platform['startTimer'] = (ms, callback) => {
  const timer = setTimeout(callback, ms < 2 ** 31 ? ms : 2 ** 31 - 1)
  return () => clearTimeout(timer)
}
