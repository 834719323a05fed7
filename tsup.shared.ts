import { defineConfig } from 'tsup'

/**
 * One build for every package: ESM and source maps, to which `scripts/write-types.mjs` adds the types; entries beyond
 * `src/index.ts` are a package's subpaths.
 */
export function library(subpaths: Record<string, string> = {}): ReturnType<typeof defineConfig> {
  return defineConfig({
    entry: { index: 'src/index.ts', ...subpaths },
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    sourcemap: true,
    // The sources that the maps lead to are published beside them.
    esbuildOptions(options) {
      options.sourcesContent = false
    },
    // Deno and workers know the modules of Node by their full names only.
    removeNodeProtocol: false,
    // What begins with `#` depends on where it runs, and is looked up in the package's `imports` there.
    external: [/^node:/, /^#/],
    clean: true,
  })
}
