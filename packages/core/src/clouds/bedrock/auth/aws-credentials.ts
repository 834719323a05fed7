import type { CredentialRequest } from '../../../client/client.ts'
import { ConfigError } from '../../../errors/config-error.ts'
import { readVariable } from '../../../platform/server/read-variable.ts'

/** Keys by which requests to AWS are signed. */
export interface AwsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Of temporary credentials. */
  readonly sessionToken?: string | undefined
}

/** What a function for AWS credentials is asked with: `forceRefresh` is the word of AWS's own providers for `refresh`. */
export interface AwsCredentialRequest extends CredentialRequest {
  readonly forceRefresh: boolean
  /** Never there. AWS's providers may be asked with it, and by this name TypeScript lets them pass. */
  readonly callerClientConfig?: never
}

/**
 * AWS credentials, or a function that gives them: `fromNodeProviderChain()` and all else of
 * `@aws-sdk/credential-providers` makes such. It is asked before every attempt, and, once for each call, again with
 * `refresh: true` when AWS says that the last ones have expired.
 */
export type AwsCredentialSource =
  | AwsCredentials
  | ((request: AwsCredentialRequest) => AwsCredentials | Promise<AwsCredentials>)

/** Those of the environment. */
export function environmentCredentials(): AwsCredentials | undefined {
  const accessKeyId = readVariable('AWS_ACCESS_KEY_ID')
  const secretAccessKey = readVariable('AWS_SECRET_ACCESS_KEY')
  if (!accessKeyId || !secretAccessKey) return undefined
  return { accessKeyId, secretAccessKey, sessionToken: readVariable('AWS_SESSION_TOKEN') }
}

/** @throws {ConfigError} what a source gave are none */
export async function askCredentials(source: AwsCredentialSource, refresh: boolean): Promise<AwsCredentials> {
  const given = typeof source === 'function' ? await source({ refresh, forceRefresh: refresh }) : source
  const { accessKeyId, secretAccessKey } = Object(given) as Partial<AwsCredentials>
  if (!accessKeyId || !secretAccessKey) {
    throw new ConfigError('credentials must have an accessKeyId and a secretAccessKey.')
  }
  return given
}
