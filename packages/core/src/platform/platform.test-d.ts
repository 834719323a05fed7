import { expectTypeOf, test } from 'vitest'
import type * as browser from './browser.ts'
import type * as development from './browser-development.ts'
import type { Platform } from './platform.ts'
import type * as server from './server/index.ts'

test('each platform has all that one has', () => {
  expectTypeOf<typeof browser>().toExtend<Platform>()
  expectTypeOf<typeof development>().toExtend<Platform>()
  expectTypeOf<typeof server>().toExtend<Platform>()
})
