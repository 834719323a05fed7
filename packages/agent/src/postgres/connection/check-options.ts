import { ConfigError } from '@enjamb/core'
import type { PostgresPool } from './postgres-pool.ts'

/** @throws {ConfigError} it is no pool of `pg` */
export function checkPool(pool: PostgresPool): void {
  if (typeof pool?.connect !== 'function') throw new ConfigError('pool must be a Pool of pg: npm install pg')
}

/** @throws {ConfigError} a name that has to be quoted with care */
export function quoteSchema(name: string): string {
  if (/^[a-z_][a-z0-9_]{0,47}$/.test(name)) return `"${name}"`
  throw new ConfigError(`schema must be at most 48 lower-case letters, digits and "_", without a digit first: ${name}`)
}
