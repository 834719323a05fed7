/**
 * What `npm test` runs after the packages are installed: each stage is a script of package.json, so that any one of
 * them can be run alone. Stages that wait for nothing run two at a time in this order; `vitest` stages count their tests.
 */
export const stages = [
  { title: 'build', task: 'build' },
  // In two, as together they take longer than all else on the other core.
  { title: 'unit tests, 1', script: 'test:unit-1', vitest: true },
  { title: 'unit tests, 2', script: 'test:unit-2', vitest: true },
  { title: 'package checks', script: 'test:packages', vitest: true, needs: 'build' },
  { title: 'Node 24 tests', script: 'test:node24', vitest: true },
  { title: 'browser tests', script: 'test:browser', vitest: true },
  // They check the types of every source, too.
  { title: 'type tests', script: 'test:types', vitest: true },
  { title: 'lint', script: 'lint' },
  { title: 'unused code', script: 'knip' },
  { title: 'size budgets', script: 'test:sizes', vitest: true, needs: 'build' },
]
