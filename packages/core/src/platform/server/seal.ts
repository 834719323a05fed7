import type { Platform } from '../platform.ts'

/** Behind getters, which `inspect` shows none of the values of, with `showHidden` either. */
export const seal: Platform['seal'] = (client) => {
  const sealed = {}
  for (const name in client) {
    Object.defineProperty(sealed, name, {
      enumerable: true,
      get: () => client[name],
      // A client is a base for another one, whose options are assigned.
      set(value) {
        Object.defineProperty(this, name, { value, enumerable: true, writable: true, configurable: true })
      },
    })
  }
  return Object.create(sealed)
}
