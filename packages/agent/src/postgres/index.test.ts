import { expect, it } from 'vitest'
import * as redis from '../redis/index.ts'
import * as postgres from './index.ts'

it('exports these names and no others', () => {
  expect(Object.keys(postgres).sort()).toEqual(['SchemaVersionError', 'postgresStore', 'postgresUsageStore'])
  expect(Object.keys(redis)).toEqual(['redisUsageStore'])
})
