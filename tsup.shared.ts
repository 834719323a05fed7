import { defineConfig } from 'tsup'

/** One build for every package: ESM, types, source maps; entries beyond `src/index.ts` are a package's subpaths. */
export function library(subpaths: Record<string, string> = {}): ReturnType<typeof defineConfig> {
  return defineConfig({
    entry: { index: 'src/index.ts', ...subpaths },
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    // tsup hands `baseUrl` to the compiler, which TypeScript 6 calls deprecated; types of other packages come from their builds.
    dts: { compilerOptions: { ignoreDeprecations: '6.0', customConditions: [] } },
    sourcemap: true,
    // Deno and workers know the modules of Node by their full names only.
    removeNodeProtocol: false,
    // What begins with `#` depends on where it runs, and is looked up in the package's `imports` there.
    external: [/^node:/, /^#/],
    clean: true,
  })
}
