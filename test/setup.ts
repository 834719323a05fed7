import { afterAll, beforeAll, vi } from 'vitest'
import { leftResources, resourcesBefore } from './open-resources.ts'

// A rejection that nobody handles is a defect of the library, whichever test was running when it surfaced.
const unhandled: unknown[] = []
const trap = (reason: unknown) => unhandled.push(reason)
let before: ReadonlyMap<string, number>

beforeAll(() => {
  before = resourcesBefore()
  process.on('unhandledRejection', trap)
})

// Registered before every hook of the test file, so it runs after all of them.
afterAll(async () => {
  const left = await leftResources(before)
  process.off('unhandledRejection', trap)
  // The next test file may be of the same process.
  vi.useRealTimers()
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
  if (unhandled.length > 0) throw new AggregateError(unhandled, 'a promise was rejected and nobody handled it')
  if (left.length > 0) throw new Error(`the tests are over, and these are still open: ${left.join(', ')}`)
})
