import { afterAll, beforeAll } from 'vitest'

// A rejection that nobody handles is a defect of the library, whichever test was running when it surfaced.
const unhandled: unknown[] = []
const trap = (reason: unknown) => unhandled.push(reason)

beforeAll(() => {
  process.on('unhandledRejection', trap)
})
afterAll(async () => {
  await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', trap)
  if (unhandled.length > 0) throw new AggregateError(unhandled, 'a promise was rejected and nobody handled it')
})
