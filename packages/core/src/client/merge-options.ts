import { ConfigError } from '../errors/config-error.ts'

/**
 * `base` with the options that are given over it; `undefined` is not given. What stands in `base` is inherited, so
 * neither `console.log` nor `JSON.stringify` shows it.
 *
 * @throws {ConfigError} an option that is a number in `base` is negative, or no number in fact
 */
export function mergeOptions<T extends object>(base: T, options?: { readonly [K in keyof T]?: T[K] | undefined }): T {
  const merged = Object.create(base)
  // Inherited options count: a client is a valid base for another one.
  for (const name in options) {
    if (options[name] !== undefined) merged[name] = options[name]
  }
  for (const name in merged) {
    // Not one that is a text either.
    if (typeof base[name as keyof T] === 'number' && Math.abs(merged[name]) !== merged[name]) {
      throw new ConfigError(`${name} must be 0 or more.`)
    }
  }
  return merged
}
