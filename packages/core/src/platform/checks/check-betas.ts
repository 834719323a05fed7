import { ConfigError } from '../../errors/config-error.ts'

/** @throws {ConfigError} they are no list of what a header can carry */
export function checkBetas(betas: unknown): void {
  if (betas === undefined) return
  if (!Array.isArray(betas) || betas.some((beta) => typeof beta !== 'string' || !/^[\w.-]+$/.test(beta))) {
    throw new ConfigError("betas must be a list of names as the API's, letters, digits and hyphens.")
  }
}
