import type { Platform } from './platform.ts'

export const withEnvironment: Platform['withEnvironment'] = (defaults) => defaults
export const isPage: Platform['isPage'] = () => true
export const seal: Platform['seal'] = (client) => client
export const explain: Platform['explain'] = (message) => message
export const slowFetch: Platform['slowFetch'] = () => undefined
export const tidy: Platform['tidy'] = (error) => error

// Developers have seen what these have to say.
export const checkClient: Platform['checkClient'] = () => {}
export const checkCall: Platform['checkCall'] = () => {}

// It says who it is by itself, and would ask the server's leave for further headers.
export const callHeaders: Platform['callHeaders'] = () => [['anthropic-dangerous-direct-browser-access', 'true']]

// It shows every request to its developer.
export const logAttempt: Platform['logAttempt'] = () => {}

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
