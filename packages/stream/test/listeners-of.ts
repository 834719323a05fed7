/** The listeners that a signal has at any time from now on. */
export function listenersOf(signal: AbortSignal): ReadonlySet<unknown> {
  const listeners = new Set<unknown>()
  const add = signal.addEventListener.bind(signal)
  const remove = signal.removeEventListener.bind(signal)
  signal.addEventListener = (...all: Parameters<typeof add>) => {
    const [type, listener, options] = all
    listeners.add(listener)
    add(...all)
    if (typeof options === 'object' && options.once) add(type, () => listeners.delete(listener), { once: true })
  }
  signal.removeEventListener = (...all: Parameters<typeof remove>) => {
    listeners.delete(all[1])
    remove(...all)
  }
  return listeners
}
