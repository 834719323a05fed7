import { ConfigError, checkOptions } from '@enjamb/core'
import type { SessionAction } from './route-of.ts'

/** Options of `createSessionHandler`. */
export interface SessionHandlerOptions {
  /**
   * Decides whether a request may do what it asks for: `false` is a 403, and so is an error. `{ by }` names who asks, for
   * the journal. It must leave the request's body alone.
   */
  authorize(
    request: Request,
    asked: { id: string; action: SessionAction },
  ): boolean | { by?: string | undefined } | Promise<boolean | { by?: string | undefined }>
  /** Below which sessions are. Default `/sessions`. */
  path?: string | undefined
  /** The most bytes of a prompt or decision. Default 10 MiB. */
  maxBodyBytes?: number | undefined
  /** After how much silence something is sent to those who follow, in milliseconds. Default 15,000. */
  heartbeatMs?: number | undefined
  /** After how long a reader comes back whose connection broke, in milliseconds. Default 1,000. */
  retryMs?: number | undefined
  /** How long a session stays open after its turn, in milliseconds, so that no other process can write it. Default 30,000. */
  keepMs?: number | undefined
  /** Is told of turns that fail, and of what is the server's fault. Default: nothing. */
  onError?: ((error: unknown) => void) | undefined
  /**
   * Gets each turn, where the platform stops what goes on after an answer. In Cloudflare's workers the handler belongs into a
   * Durable Object, whose `state.waitUntil` this is: elsewhere no request may wait for what another has begun.
   */
  waitUntil?: ((turn: Promise<unknown>) => void) | undefined
}

/** Options, whole. */
export type HandlerSettings = Required<{
  [Name in keyof SessionHandlerOptions]: NonNullable<SessionHandlerOptions[Name]>
}>

const defaults: Omit<HandlerSettings, 'authorize'> = {
  path: '/sessions',
  maxBodyBytes: 10 * 2 ** 20,
  heartbeatMs: 15_000,
  retryMs: 1_000,
  keepMs: 30_000,
  onError: () => {},
  waitUntil: () => {},
}

/** @throws {ConfigError} `authorize` is missing, or there is no such option */
export function toHandlerSettings(options: SessionHandlerOptions): HandlerSettings {
  checkOptions('createSessionHandler', options, ['authorize', ...Object.keys(defaults)])
  if (typeof options.authorize !== 'function') {
    throw new ConfigError('authorize must be a function: it decides who may read and prompt which session.')
  }
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  const settings = { ...defaults, ...Object.fromEntries(given) } as HandlerSettings
  return { ...settings, path: settings.path.replace(/\/+$/, '') }
}
