import { ConfigError, type MessageParam } from '@enjamb/core'
import type { BatchInput } from './batch-result.ts'

export interface BatchItem {
  id: string
  prompt: string | MessageParam[]
}

/** @throws {ConfigError} there are no inputs, or two of one id */
export function toItems(inputs: readonly BatchInput[]): BatchItem[] {
  if (!Array.isArray(inputs) || !inputs.length) throw new ConfigError('inputs must be a list of at least one.')
  const items = inputs.map((input: BatchInput, index) =>
    Object(input).prompt === undefined
      ? { id: `${index}`, prompt: input as BatchItem['prompt'] }
      : { id: `${(input as BatchItem).id ?? index}`, prompt: (input as BatchItem).prompt },
  )
  const seen = new Set<string>()
  for (const { id } of items) {
    if (seen.has(id))
      throw new ConfigError(`inputs must have ids of their own: there are two of ${JSON.stringify(id)}.`)
    seen.add(id)
  }
  return items
}
