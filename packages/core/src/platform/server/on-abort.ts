import type { Platform } from '../platform.ts'

interface Group {
  readonly callbacks: Set<() => void>
  readonly tell: () => void
}

/** Who waits for which signal: Node warns of more than ten listeners on one, so that it has one for all of them. */
const groups = new WeakMap<AbortSignal, Group>()

export const onAbort: Platform['onAbort'] = (signal, callback) => {
  if (!signal) return () => {}
  let group = groups.get(signal)
  if (!group) {
    const callbacks = new Set<() => void>()
    const tell = () => {
      for (const one of callbacks) one()
    }
    group = { callbacks, tell }
    groups.set(signal, group)
  }
  const { callbacks, tell } = group
  // Where it listens already, this does nothing.
  signal.addEventListener('abort', tell)
  callbacks.add(callback)
  return () => {
    callbacks.delete(callback)
    if (!callbacks.size) signal.removeEventListener('abort', tell)
  }
}
