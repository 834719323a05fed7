import { connect, type PostgresClient, type PostgresPool } from '../connection/postgres-pool.ts'
import { migrations } from './migrations.ts'
import { SchemaVersionError } from './schema-version-error.ts'

/**
 * Brings the tables to the form that this release knows, in one transaction. Of workers that start at once one does it, and the
 * others wait.
 *
 * @param schema quoted
 * @throws {SchemaVersionError} a later release made them
 */
export async function migrate(pool: PostgresPool, schema: string): Promise<void> {
  const client = await connect(pool)
  let whole = false
  try {
    // Who may read and write the tables need not be one who may make any.
    if ((await versionOf(client, schema)) < migrations.length) await advance(client, schema)
    whole = true
  } finally {
    // In the middle of a transaction it is of no use to the next.
    client.release(!whole)
  }
}

async function advance(client: PostgresClient, schema: string): Promise<void> {
  await client.query('BEGIN')
  await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`enjamb ${schema}`])
  const version = await versionOf(client, schema)
  if (version === 0) {
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`)
    await client.query(`CREATE TABLE ${schema}.version (version integer NOT NULL)`)
    await client.query(`INSERT INTO ${schema}.version VALUES (0)`)
  }
  for (const step of migrations.slice(version)) await client.query(step(schema))
  await client.query(`UPDATE ${schema}.version SET version = $1`, [migrations.length])
  await client.query('COMMIT')
}

async function versionOf(client: PostgresClient, schema: string): Promise<number> {
  // Looked for as any row is: what a session remembers of names, to_regclass takes from before it had the lock.
  const text =
    "SELECT FROM pg_class JOIN pg_namespace AS n ON n.oid = relnamespace WHERE relname = 'version' AND nspname = $1"
  if (!(await client.query(text, [schema.slice(1, -1)])).rows.length) return 0
  const found: number = (await client.query(`SELECT version FROM ${schema}.version`)).rows[0].version
  if (found <= migrations.length) return found
  throw new SchemaVersionError(
    `The tables in schema ${schema} are of version ${found}, and this release knows those up to ${migrations.length}: ` +
      'update @enjamb/agent here, or name another schema.',
    { found, supported: migrations.length },
  )
}
