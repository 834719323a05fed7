import type { MessageParams } from '@enjamb/core'
import type { FrozenParams } from '../journal/entry.ts'

export type JSONFormat = NonNullable<NonNullable<MessageParams['output_config']>['format']>

/** Parameters that ask for answers of this form, or of none. */
export function withFormat(params: FrozenParams, format: JSONFormat | null | undefined): FrozenParams {
  const { output_config, ...rest } = params
  const { format: _, ...others } = output_config ?? {}
  const config = { ...others, ...(format && { format }) }
  return Object.keys(config).length ? { ...rest, output_config: config } : rest
}
