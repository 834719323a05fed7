import type { Model } from './model.ts'
import { models } from './models.generated.ts'

const dateSuffix = /-\d{8}$/

/**
 * What is known about a model, by its id, its dated id (`claude-haiku-4-5-20251001`) or its alias (`haiku`).
 * An id that is merely similar finds nothing: a new model is never taken for an older one.
 */
export function findModel(name: string): Model | undefined {
  const id = name.replace(dateSuffix, '')
  return models.find((model) => model.id === id || model.alias === name)
}
