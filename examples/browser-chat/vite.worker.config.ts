import { defineConfig } from 'vite'

/** The service worker, as one file beside the page: it may load no other. */
export default defineConfig({
  resolve: { conditions: ['@enjamb/source', 'module', 'browser'] },
  build: {
    target: 'es2022',
    emptyOutDir: false,
    lib: { entry: 'src/worker/worker.ts', formats: ['iife'], name: 'worker', fileName: () => 'worker.js' },
  },
})
