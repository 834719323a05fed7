import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import type { SizeEntry } from './size-budgets.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * The bytes of a program bundled for the browser from the built packages, minified and gzipped at level 9.
 *
 * @throws Error of esbuild when a name is not exported, or something that only Node has is imported.
 */
export async function measureSize({ code, from }: SizeEntry): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: join(root, from), loader: 'js' },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    write: false,
    logLevel: 'silent',
  })
  return gzipSync(outputFiles[0]?.contents ?? new Uint8Array(), { level: 9 }).length
}
