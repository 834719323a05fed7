import { ConfigError } from '../errors/config-error.ts'
import type { CloudRequest } from './cloud.ts'

/** What a request asks for, apart from what clouds say elsewhere. */
export interface CloudParams {
  readonly model: string
  readonly stream: boolean
  /** Everything but the model, with the version of the API, which is no header there. */
  readonly rest: Record<string, unknown>
}

/**
 * Takes a request's body apart, and the headers away that are only the API's own.
 *
 * @param oldVersion the cloud's name for the version 2023-06-01 of the API
 * @throws {ConfigError} the body is no object with a `model`
 */
export function toCloudParams({ headers, body }: CloudRequest, oldVersion: string): CloudParams {
  const version = headers.get('anthropic-version')
  headers.delete('anthropic-version')
  headers.delete('anthropic-dangerous-direct-browser-access')
  const { model, ...rest } = Object(body && JSON.parse(body)) as Record<string, unknown>
  if (typeof model !== 'string' || !model) throw new ConfigError('model must be set.')
  rest.anthropic_version ??= version === '2023-06-01' ? oldVersion : version
  return { model, stream: rest.stream === true, rest }
}
