import { gzipSync } from 'node:zlib'
import { type Bundle, bundlers } from './bundlers.ts'
import type { SizeEntry } from './size-budgets.ts'

/**
 * The bytes of a program bundled for the browser from the built packages, minified and gzipped at level 9.
 *
 * @throws Error of the bundler when a name is not exported, or something that only Node has is imported.
 */
export async function measureSize(entry: SizeEntry, bundle: Bundle = bundlers.esbuild): Promise<number> {
  return gzipSync(await bundle(entry), { level: 9 }).length
}
