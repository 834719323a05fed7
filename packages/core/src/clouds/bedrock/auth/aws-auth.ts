import type { Credential } from '../../../client/client.ts'
import { ConfigError } from '../../../errors/config-error.ts'
import { rememberSecret } from '../../../errors/redact.ts'
import { readVariable } from '../../../platform/server/read-variable.ts'
import {
  type AwsCredentialSource,
  type AwsCredentials,
  askCredentials,
  environmentCredentials,
} from './aws-credentials.ts'
import { type SigningScope, signRequest } from './sign-request.ts'

/** Who asks AWS, and in which region. */
export interface AwsAuthOptions {
  /** The AWS region, as `eu-west-1`. Default: `AWS_REGION`, then `AWS_DEFAULT_REGION`. */
  region?: string | undefined
  /** A Bedrock API key. Default: `AWS_BEARER_TOKEN_BEDROCK`, where there are no `credentials`. */
  apiKey?: Credential | undefined
  /**
   * To sign requests with, for which `aws4fetch` is to be installed. Default: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`
   * and `AWS_SESSION_TOKEN`.
   */
  credentials?: AwsCredentialSource | undefined
}

/** How a client shows AWS who it is. */
export interface AwsAuth {
  /** What is asked before every attempt. Of credentials it gives the part that is no secret, by which the rest is found. */
  readonly authToken: Credential
  sign(url: string, headers: Headers, body: string): Promise<void>
}

/** So many credentials may be in use at once, as they are exchanged for others. */
const maxKnown = 8

/**
 * @param service whose signatures these are
 * @throws {ConfigError} there are both a key and credentials
 */
export function awsAuth({ apiKey, credentials }: AwsAuthOptions, service: string, region: string): AwsAuth {
  if (apiKey && credentials) throw new ConfigError('Only one of apiKey and credentials may be set.')
  const key = apiKey ?? (credentials ? undefined : readVariable('AWS_BEARER_TOKEN_BEDROCK'))
  if (key) return { authToken: key, sign: async () => {} }

  const scope: SigningScope = { region, service, cache: new Map() }
  const known = new Map<string, AwsCredentials>()
  return {
    async authToken({ refresh }) {
      const source = credentials ?? environmentCredentials()
      if (!source) {
        throw new ConfigError('credentials, apiKey, AWS_BEARER_TOKEN_BEDROCK or AWS_ACCESS_KEY_ID must be set.')
      }
      const given = await askCredentials(source, refresh)
      for (const secret of [given.secretAccessKey, given.sessionToken]) rememberSecret(secret ?? null)
      known.delete(given.accessKeyId)
      known.set(given.accessKeyId, given)
      for (const [oldest] of known) if (known.size > maxKnown) known.delete(oldest)
      return given.accessKeyId
    },
    async sign(url, headers, body) {
      const [, id = ''] = /^Bearer (.+)$/.exec(headers.get('authorization') ?? '') ?? []
      const own = known.get(id)
      // With a header of the caller's own, or none, a gateway on the way sees to it.
      if (own) await signRequest(url, headers, body, own, scope)
    },
  }
}

/** @throws {ConfigError} there is no region, or none that can be part of an address */
export function awsRegion({
  region = readVariable('AWS_REGION') ?? readVariable('AWS_DEFAULT_REGION'),
}: AwsAuthOptions): string {
  if (!region || !/^[a-z0-9-]+$/.test(region)) throw new ConfigError('region must be an AWS region, as us-east-1.')
  return region
}

/** AWS says 403 where the API says 401: that new credentials are wanted. */
export function awsStatus(status: number, name: string, message: string): number {
  const isRefused =
    /^(Expired|UnrecognizedClient|InvalidClientToken|InvalidSignature|IncompleteSignature|MissingAuth)/.test(name)
  return status === 403 && (isRefused || /expired/i.test(message)) ? 401 : status
}
