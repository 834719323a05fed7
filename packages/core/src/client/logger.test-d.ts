import createDebug from 'debug'
import pino from 'pino'
import { expectTypeOf, test } from 'vitest'
import { createClient } from '../index.ts'
import type { Logger } from './logger.ts'

test('console, pino and what is made of debug are loggers', () => {
  expectTypeOf(console).toExtend<Logger>()
  expectTypeOf(pino()).toExtend<Logger>()
  createClient({ logger: console })
  createClient({ logger: pino() })
  createClient({ logger: pino().child({ module: 'enjamb' }) })
  createClient({ logger: { debug: createDebug('enjamb'), warn: createDebug('enjamb:warn') } })
  createClient({ logger: { warn: (message) => expectTypeOf(message).toEqualTypeOf<string>() } })
})

test('a function is none: it would never be called', () => {
  // @ts-expect-error it has neither method
  createClient({ logger: createDebug('enjamb') })
  // @ts-expect-error neither has this one
  createClient({ logger: (message: string) => message })
})
