import { modelId } from './find-model-row.ts'
import type { Model } from './model.ts'
import { models } from './models.generated.ts'

/**
 * What is known about a model, by its id, its dated id (`claude-haiku-4-5-20251001`) or its alias (`haiku`).
 * An id that is merely similar finds nothing: a new model is never taken for an older one.
 */
export function findModel(name: string): Model | undefined {
  const id = modelId(name)
  return models.find((model) => model.id === id)
}
