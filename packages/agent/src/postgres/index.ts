export type { PostgresClient, PostgresPool, PostgresResult } from './connection/postgres-pool.ts'
export { SchemaVersionError } from './schema/schema-version-error.ts'
export { type PostgresStoreOptions, postgresStore } from './store/postgres-store.ts'
export { type PostgresUsageStoreOptions, postgresUsageStore } from './usage/postgres-usage-store.ts'
