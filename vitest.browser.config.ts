import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { chromiumOptions } from './test/chromium.ts'

/** The tests of what must be the same in a browser, in one: those that need no files, sockets or processes. */
export default defineConfig({
  resolve: { conditions: ['@enjamb/source'] },
  define: { 'process.env.ENJAMB_FUZZ_STREAMS': '10000' },
  test: {
    name: 'browser',
    testTimeout: 30_000,
    include: [
      'packages/core/src/ndjson/*.test.ts',
      'packages/stream/src/**/*.test.ts',
      'packages/stream/test/fixtures.test.ts',
    ],
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: chromiumOptions() }),
      instances: [{ browser: 'chromium' }],
    },
  },
})
