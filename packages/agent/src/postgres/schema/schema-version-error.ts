import { EnjambError, type ErrorFields } from '@enjamb/core'

/** The tables were made by a later release, in a form that this one does not know: update `@enjamb/agent`. Nothing was changed. */
export class SchemaVersionError extends EnjambError {
  override get code(): string {
    return 'schema_version'
  }
  /** What the tables are. */
  declare readonly found: number
  /** The latest that this release knows. */
  declare readonly supported: number

  constructor(message: string, fields: ErrorFields & { found: number; supported: number }) {
    super(message, fields)
  }
}
