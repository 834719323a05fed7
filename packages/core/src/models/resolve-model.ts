import { ConfigError } from '../errors/config-error.ts'
import { modelId } from './find-model-row.ts'
import { modelAliases } from './model-aliases.generated.ts'

/** A short name for the newest model of a family. */
export type ModelAlias = keyof typeof modelAliases

/**
 * The model id to send for what a caller wrote: an alias (`haiku`, `sonnet`, `opus`, `fable`, in any case) becomes the
 * newest model of its family; anything with a dash is taken for an id and passes as it is, so new models work at once.
 *
 * @throws {ConfigError} for a name that is neither, such as `sonet` or an empty one.
 */
export function resolveModel(nameOrAlias: string): string {
  if (nameOrAlias.includes('-')) return nameOrAlias
  const id = modelId(nameOrAlias)
  if (id !== nameOrAlias) return id
  const known = Object.keys(modelAliases).join(', ')
  throw new ConfigError(
    `model must be an id such as "${modelAliases.sonnet}" or one of ${known}, not ${JSON.stringify(nameOrAlias)}.`,
  )
}
