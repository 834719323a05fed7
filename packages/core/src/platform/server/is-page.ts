import type { Platform } from '../platform.ts'

// What is loaded without a bundler, or in a renderer of Electron.
export const isPage: Platform['isPage'] = () =>
  typeof document === 'object' || typeof (globalThis as { importScripts?: unknown }).importScripts === 'function'
