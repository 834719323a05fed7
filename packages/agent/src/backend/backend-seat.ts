import type { Client } from '@enjamb/core'
import type { Backend, BackendSettings } from './backend.ts'

/** A backend in its agent. */
export interface BackendSeat {
  backend: Backend
  /** What is the same in all sessions; a session's own comes on top. */
  settings: Omit<BackendSettings, 'model' | 'maxTokens' | 'filters'>
  /** Warns of an option that it cannot honour, once. */
  warn(name: string): void
}

/**
 * Puts a backend into an agent, and warns of what it cannot honour of its options.
 *
 * @param given the options that were given
 */
export function seatBackend(
  backend: Backend,
  given: object & { hooks?: object | undefined },
  settings: BackendSeat['settings'],
): BackendSeat {
  const warned = new Set<string>()
  const { name = 'The backend', ignores = [] } = backend
  function warn(option: string): void {
    if (warned.has(option)) return
    warned.add(option)
    say(settings.client, `${name} cannot honour the option ${option}: it has no effect.`)
  }
  for (const option of namesIn(given)) if (ignores.includes(option)) warn(option)
  return { backend, settings, warn }
}

/** Whatever a logger does is no reason for work to fail. */
function say({ logger }: Client, message: string): void {
  try {
    logger?.warn?.(message)
  } catch {}
}

function namesIn(given: object & { hooks?: object | undefined }): string[] {
  const set = (options: object) =>
    Object.entries(options).flatMap(([name, value]) => (value === undefined || value === false ? [] : [name]))
  return [...set(given), ...set(given.hooks ?? {}).map((name) => `hooks.${name}`)]
}
