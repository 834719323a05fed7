import type { Parameters } from 'fast-check'

/** For the test itself: what is stopped or stands still has had its say by then. */
export const randomTimeoutMs = 3_600_000

/** A case takes some milliseconds; a machine that is busy elsewhere is given its time. */
const caseMs = 120_000

/**
 * How fast-check tries: the same few cases in each run of `npm test`; as many others as a variable says where `npm run test:long`
 * sets it. A case that stands still fails as any other, with its seed and path.
 */
export function randomRuns<Case>(few: number, variable = 'RUNS'): Parameters<Case> & { numRuns: number } {
  const many = process.env[variable]
  return {
    numRuns: Number(many ?? few),
    ...(!many && { seed: 1 }),
    timeout: caseMs,
    // A search for a smaller case that stands still, too, ends with the smallest so far.
    interruptAfterTimeLimit: randomTimeoutMs - 2 * caseMs,
    markInterruptAsFailure: true,
  }
}
