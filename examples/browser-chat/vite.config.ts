import { defineConfig } from 'vite'

/** The page. `--mode demo` makes it the one that needs no server; `vite.worker.config.ts` has what stands in for it. */
export default defineConfig(({ mode }) => ({
  base: './',
  define: { DEMO: mode === 'demo' },
  // Of this repository, whose packages need no build then.
  resolve: { conditions: ['@enjamb/source', 'module', 'browser'] },
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  preview: { host: '127.0.0.1', port: 4173 },
}))
