import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import { type BuildOptions, build as esbuild } from 'esbuild'
import { rollup } from 'rollup'
import { minify } from 'terser'
import { build as vite } from 'vite'
import webpack from 'webpack'
import type { SizeEntry } from './size-budgets.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Bundles a program for browsers of 2022 as an ES module, minified. */
export type Bundle = (entry: SizeEntry) => Promise<string>

/** The bundlers that people use, each with its usual minifier; and esbuild with the others', to tell its two parts apart. */
export const bundlers = {
  esbuild: (entry) => bundleWithEsbuild(entry, { minify: true }),

  async 'esbuild + Terser'(entry) {
    return minifyWithTerser(await bundleWithEsbuild(entry, {}))
  },

  async 'Rollup + Terser'({ code, from }) {
    const bundle = await rollup({
      input: 'program',
      plugins: [program(code), nodeResolve({ browser: true, rootDir: join(root, from) })],
    })
    const { output } = await bundle.generate({ format: 'es' })
    return minifyWithTerser(output[0].code)
  },

  'webpack + Terser'({ code, from }) {
    const compiler = webpack({
      mode: 'production',
      context: join(root, from),
      entry: `data:text/javascript,${encodeURIComponent(code)}`,
      target: ['web', 'es2022'],
      experiments: { outputModule: true },
      output: { module: true, library: { type: 'module' }, filename: 'program.js', path: '/' },
      performance: false,
      // What it takes for whatever is no library, whose annotations would be kept for another bundler.
      optimization: { minimize: { javascript: { compress: { passes: 2 } } } },
    })!
    let output = ''
    compiler.outputFileSystem = {
      ...compiler.outputFileSystem!,
      mkdir: (...args: unknown[]) => (args.at(-1) as () => void)(),
      stat: (_: string, done: (error: Error) => void) => done(new Error('nothing is written')),
      writeFile: (_: string, content: string | Buffer, done: () => void) => {
        output = content.toString()
        done()
      },
    } as never
    return new Promise((resolve, reject) => {
      compiler.run((error, stats) => {
        if (error || stats?.hasErrors()) reject(error ?? new Error(stats!.toString('errors-only')))
        else compiler.close(() => resolve(output))
      })
    })
  },

  async 'Vite, Oxc'({ code, from }) {
    const result = await vite({
      root: join(root, from),
      configFile: false,
      logLevel: 'silent',
      plugins: [program(code)],
      build: {
        target: 'es2022',
        write: false,
        modulePreload: false,
        rolldownOptions: { input: 'program', preserveEntrySignatures: 'strict' },
      },
    })
    if (!('output' in result)) throw new Error('Vite gave no output.')
    return result.output[0].code
  },
} satisfies Record<string, Bundle>

async function bundleWithEsbuild({ code, from }: SizeEntry, options: BuildOptions): Promise<string> {
  const { outputFiles } = await esbuild({
    stdin: { contents: code, resolveDir: join(root, from), loader: 'js' },
    bundle: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    logLevel: 'silent',
    ...options,
    write: false,
  })
  return outputFiles[0]!.text
}

async function minifyWithTerser(code: string): Promise<string> {
  return (await minify(code, { module: true, ecma: 2020 })).code!
}

/** A program that is in no file. */
function program(code: string) {
  return {
    name: 'program',
    resolveId: (id: string) => (id === 'program' ? '\0program' : undefined),
    load: (id: string) => (id === '\0program' ? code : undefined),
  }
}
