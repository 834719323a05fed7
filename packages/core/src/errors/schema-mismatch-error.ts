import type { Cost } from '../models/cost-of.ts'
import type { JSONIssue } from '../schema/validate-json.ts'
import type { Message, Usage } from '../wire/index.ts'
import { EnjambError, type ErrorFields } from './enjamb-error.ts'
import type { ErrorCode } from './error-code.ts'

export interface SchemaMismatchErrorFields extends ErrorFields {
  issues: readonly JSONIssue[]
  partial: Message
  usage: Usage
  cost?: Cost | undefined
}

/** An answer is whole, and not what its schema asks for: `issues` say where, `partial` is the answer. */
export class SchemaMismatchError extends EnjambError {
  override get code(): ErrorCode {
    return 'schema_mismatch'
  }
  declare readonly issues: readonly JSONIssue[]
  declare readonly partial: Message
  /** Of all attempts. */
  declare readonly usage: Usage
  /** The same at list prices; `undefined` for a model without one. */
  declare readonly cost: Cost | undefined

  constructor(message: string, fields: SchemaMismatchErrorFields) {
    super(message, fields)
  }
}
