import { existsSync, readFileSync } from 'node:fs'

/**
 * Counts from the file that vitest's JSON reporter wrote. A failure outside of any test (a file that does not load, a
 * hook, an unhandled error, no tests at all) counts as one, so that a run that failed never has none.
 */
export function countTests(file, ok) {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 }
  const report = JSON.parse(readFileSync(file, 'utf8'))
  const outside = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  )
  const failed = report.numFailedTests + outside.length
  return {
    passed: report.numPassedTests,
    failed: ok ? failed : Math.max(failed, 1),
    skipped: report.numPendingTests + report.numTodoTests,
  }
}
