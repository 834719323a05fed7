import type { MessageParams } from '@enjamb/core'
import type { FrozenParams, ParamsEntry } from '../journal/entry.ts'

export type JSONFormat = NonNullable<NonNullable<MessageParams['output_config']>['format']>

/** Parameters that ask for answers of this form, or of none. */
export function withFormat(params: FrozenParams, format: JSONFormat | null | undefined): FrozenParams {
  const { output_config, ...rest } = params
  const { format: _, ...others } = output_config ?? {}
  const config = { ...others, ...(format && { format }) }
  return Object.keys(config).length ? { ...rest, output_config: config } : rest
}

/**
 * What is asked of answers is a fact, as all that is sent.
 *
 * @param format `undefined` is what is asked now
 */
export function formatEntries(frozen: FrozenParams, format: JSONFormat | null | undefined): ParamsEntry[] {
  const now = JSON.stringify(frozen.output_config?.format ?? null)
  if (format === undefined || now === JSON.stringify(format)) return []
  const { output_config = null } = withFormat(frozen, format)
  const why = format ? 'the answer has to fit a schema' : 'the answer need fit no schema any more'
  return [{ type: 'params', changed: { output_config } as Partial<FrozenParams>, why }]
}
