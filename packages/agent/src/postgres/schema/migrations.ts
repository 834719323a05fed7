import { sessionTables } from './session-tables.ts'
import { usageTables } from './usage-tables.ts'

/**
 * What makes the tables, in steps that are never changed once released: a later form is a further step. Workers of the release
 * before go on while one of the next has taken it, so a step adds, and takes nothing away.
 */
export const migrations: readonly ((schema: string) => string)[] = [sessionTables, usageTables]
