import { ConfigError } from '../errors/config-error.ts'
import { modelAliases } from './model-aliases.generated.ts'

/** A short name for the newest model of a family. */
export type ModelAlias = keyof typeof modelAliases

/**
 * The model id to send for what a caller wrote: an alias (`haiku`, `sonnet`, `opus`, in any case) becomes the newest
 * model of its family; anything with a dash is taken for an id and passes as it is, so new models work at once.
 *
 * @throws {ConfigError} for a name that is neither, such as `sonet` or an empty one.
 */
export function resolveModel(nameOrAlias: string): string {
  const alias = nameOrAlias.toLowerCase()
  if (Object.hasOwn(modelAliases, alias)) return modelAliases[alias as ModelAlias]
  if (nameOrAlias.includes('-')) return nameOrAlias
  const known = Object.keys(modelAliases).join(', ')
  throw new ConfigError(
    `Unknown model ${JSON.stringify(nameOrAlias)}: use an alias (${known}) or a full id such as "${modelAliases.sonnet}"`,
  )
}
