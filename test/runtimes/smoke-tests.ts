import { readFileSync } from 'node:fs'
import { bun, deno, miniflare, next, node, node24, type Runtime, whatwgFetch } from '../../scripts/runtimes.ts'
import { runNative } from './run-native.ts'
import { runNext } from './run-next.ts'
import { runPage } from './run-page.ts'
import { runServer } from './run-server.ts'
import { runWorker } from './run-worker.ts'
import type { SmokeTest } from './smoke-test.ts'

const { devDependencies } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))

const server = (name: string, runtime: Runtime): SmokeTest => ({
  name,
  version: runtime.version,
  store: 'files',
  needs: [runtime],
  run: runServer(runtime),
})
const page = (name: Parameters<typeof runPage>[0]): SmokeTest => ({
  name: `${name}, in Chromium`,
  version: devDependencies[name.toLowerCase()].replace('^', ''),
  store: 'IndexedDB',
  needs: [],
  run: runPage(name),
})

const noStreams = /^ConfigError: .*expo\/fetch/

/** All runtimes, in the order of the table. */
export const smokeTests: readonly SmokeTest[] = [
  server('Node', node('20.19.0')),
  server('Node', node('20.20.2')),
  server('Node', node('22.12.0')),
  server('Node', node('22.23.5')),
  server('Node', node24),
  server('Node', node('26.12.1')),
  server('Bun', bun),
  server('Deno', deno),
  {
    name: 'workerd, by miniflare',
    version: miniflare.version,
    store: 'memory',
    needs: [miniflare, node24],
    run: runWorker,
  },
  page('Vite'),
  page('webpack'),
  page('Rollup'),
  page('esbuild'),
  { name: 'Next.js, on Node', version: next.version, store: 'files', needs: [next, node24], run: runNext('node') },
  { name: 'Next.js, on edge', version: next.version, store: 'memory', needs: [next, node24], run: runNext('edge') },
  {
    name: 'React Native (stub)',
    version: '0.88',
    store: 'memory',
    needs: [whatwgFetch, node24],
    known: {
      stream: noStreams,
      tools: noStreams,
      abort: noStreams,
      retry: noStreams,
      session: /^ConfigError: .*expo-crypto/,
    },
    run: runNative(false),
  },
  { name: 'Expo (stub)', version: 'SDK 58', store: 'memory', needs: [whatwgFetch, node24], run: runNative(true) },
]
