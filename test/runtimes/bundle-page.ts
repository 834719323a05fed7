import { join } from 'node:path'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import { build as esbuild } from 'esbuild'
import { rollup } from 'rollup'
import { build as vite } from 'vite'
import webpack from 'webpack'

/** Bundles `page.mjs` of a project as `page.js` of another folder, as production builds do. */
export type BundlePage = (project: string, folder: string) => Promise<unknown>

export const bundlePage = {
  esbuild: (project, outdir) =>
    esbuild({
      entryPoints: [join(project, 'page.mjs')],
      outdir,
      bundle: true,
      splitting: true,
      minify: true,
      format: 'esm',
      logLevel: 'silent',
    }),

  async Rollup(project, dir) {
    const bundle = await rollup({ input: join(project, 'page.mjs'), plugins: [nodeResolve({ browser: true })] })
    await bundle.write({ dir, format: 'es' })
    await bundle.close()
  },

  webpack: (project, path) =>
    new Promise<void>((resolve, reject) => {
      const compiler = webpack({
        mode: 'production',
        context: project,
        entry: { page: './page.mjs' },
        output: { path, filename: '[name].js' },
        performance: false,
      })
      compiler?.run((error, stats) => {
        if (error || stats?.hasErrors()) reject(error ?? new Error(stats?.toString('errors-only')))
        else compiler.close(() => resolve())
      })
    }),

  Vite: (project, outDir) =>
    vite({
      root: project,
      configFile: false,
      logLevel: 'silent',
      build: {
        outDir,
        rolldownOptions: { input: join(project, 'page.mjs'), output: { entryFileNames: '[name].js' } },
      },
    }),
} satisfies Record<string, BundlePage>
