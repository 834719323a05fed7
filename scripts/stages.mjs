/**
 * What `npm test` runs after the packages are installed: each stage is a script of package.json, so that any one of
 * them can be run alone. Stages that wait for nothing run two at a time in this order; `vitest` stages count their tests.
 */
export const stages = [
  { title: 'build', task: 'build' },
  { title: 'unit tests', script: 'test:unit', vitest: true },
  { title: 'Node 24 tests', script: 'test:node24', vitest: true },
  { title: 'browser tests', script: 'test:browser', vitest: true },
  { title: 'type check', script: 'typecheck' },
  { title: 'type tests', script: 'test:types', vitest: true },
  { title: 'lint', script: 'lint' },
  { title: 'unused code', script: 'knip' },
  { title: 'package checks', script: 'test:packages', vitest: true, needs: 'build' },
  { title: 'size budgets', script: 'test:sizes', vitest: true, needs: 'build' },
]
