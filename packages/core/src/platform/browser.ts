import type { Platform } from './platform.ts'

export const withEnvironment: Platform['withEnvironment'] = (defaults) => defaults
export const isPage: Platform['isPage'] = () => true
export const assertStreams: Platform['assertStreams'] = () => {}

// It says who it is by itself, and would ask the server's leave for further headers.
export const callHeaders: Platform['callHeaders'] = () => [['anthropic-dangerous-direct-browser-access', 'true']]

// An error would not say that it was a redirect.
export const fetchDirect: Platform['fetchDirect'] = (_, ask = fetch, url, init) =>
  ask(url, { ...init, redirect: 'manual' })
