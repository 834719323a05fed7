import { modelAliases } from './model-aliases.generated.ts'
import type { ModelRow } from './model-row.ts'
import { modelTable } from './model-table.generated.ts'

/**
 * The id without its date that an id or alias stands for, be it a cloud's: `claude-haiku-4-5@20251001`,
 * `eu.anthropic.claude-haiku-4-5-20251001-v1:0` or the ARN of that; of anything else, the same.
 */
export function modelId(name: string): string {
  // Whatever a server says is its name.
  const id = `${name}`
  const alias = id.toLowerCase() as keyof typeof modelAliases
  return Object.hasOwn(modelAliases, alias) ? modelAliases[alias] : id.replace(/.*\.|@.*|-(\d{8}|v\d).*/g, '')
}

/** An id that is merely similar finds nothing: a new model is never taken for an older one. */
export function modelRow(name: string): ModelRow | undefined {
  const id = modelId(name)
  return Object.hasOwn(modelTable, id) ? modelTable[id] : undefined
}
