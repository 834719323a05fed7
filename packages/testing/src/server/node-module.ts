interface NodeModules {
  'node:fs/promises': typeof import('node:fs/promises')
  'node:http': typeof import('node:http')
  'node:path': typeof import('node:path')
  'node:zlib': typeof import('node:zlib')
}

/**
 * A module of Node's own, asked of the process rather than imported: so a browser's bundler has nothing to resolve.
 *
 * @throws {Error} where there is none
 */
export function nodeModule<Name extends keyof NodeModules>(name: Name): NodeModules[Name] {
  const found = globalThis.process?.getBuiltinModule?.(name)
  if (!found) throw new Error('This needs Node >= 20.16, Bun or Deno; elsewhere use mockHandlers or mockFetch.')
  return found as NodeModules[Name]
}
