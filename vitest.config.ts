import { configDefaults, defineConfig } from 'vitest/config'

// Tests resolve to the sources of every package; only the projects `packages` and `sizes` read what was built.
const source = ['@enjamb/source']

// Tests of a suite in scripts/long-suites.mjs alone.
const long = '**/*.long.test.ts'
const exclude = [...configDefaults.exclude, long]

const agent = ['packages/agent/src/**/*.test.ts', 'packages/agent/test/**/*.test.ts']
const unit = {
  setupFiles: ['./test/setup.ts'],
  // On a machine that has much else to do, a second of work may take ten.
  testTimeout: 30_000,
}

// Of what was built.
const sizes = ['test/sizes.test.ts', 'test/bundlers.test.ts']
const built = { testTimeout: 120_000, hookTimeout: 240_000 }

export default defineConfig({
  resolve: { conditions: source },
  ssr: { resolve: { conditions: source } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts', 'examples/**/*.test.ts'],
          exclude: [...exclude, ...agent],
          ...unit,
        },
      },
      {
        extends: true,
        // The test files that a process runs share the modules that they import, which are all other packages here: that
        // takes half the time.
        test: { name: 'unit-agent', include: agent, exclude, ...unit, isolate: false },
      },
      {
        extends: true,
        test: {
          name: 'types',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            // TypeScript 7, which takes a tenth of the time of the one that programs here are written against.
            checker: './node_modules/typescript-7/bin/tsc',
            include: ['packages/*/src/**/*.test-d.ts'],
            tsconfig: './tsconfig.json',
            // An error in any source is one of this run, so that `npm test` need not check the types twice.
            ignoreSourceErrors: false,
          },
        },
      },
      {
        extends: true,
        test: { name: 'packages', include: ['test/**/*.test.ts'], exclude: [...exclude, ...sizes], ...built },
      },
      {
        extends: true,
        test: { name: 'sizes', include: sizes, ...built },
      },
      {
        extends: true,
        test: { name: 'long', include: [long], setupFiles: ['./test/setup.ts'], hookTimeout: 240_000 },
      },
    ],
  },
})
