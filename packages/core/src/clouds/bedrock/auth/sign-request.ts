import { ConfigError } from '../../../errors/config-error.ts'
import type { AwsCredentials } from './aws-credentials.ts'

/** What a signature is for. */
export interface SigningScope {
  readonly region: string
  readonly service: string
  /** Keys that were derived already; one for each day, and for each credential. */
  readonly cache: Map<string, ArrayBuffer>
}

const maxKeys = 16

/**
 * Signs a request by AWS's Signature Version 4, in its headers. Signed are the host, the body, its type and what is AWS's
 * own: what a proxy or an instrumented `fetch` adds on the way does no harm.
 *
 * @throws {ConfigError} `aws4fetch` is not installed
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
 */
export async function signRequest(
  url: string,
  headers: Headers,
  body: string,
  { accessKeyId, secretAccessKey, sessionToken }: AwsCredentials,
  { region, service, cache }: SigningScope,
): Promise<void> {
  const { AwsV4Signer } = await loadSigner()
  if (cache.size > maxKeys) cache.clear()
  const own = [...headers].filter(([name]) => name === 'content-type' || name.startsWith('x-amz'))
  const signer = new AwsV4Signer({
    ...{ method: 'POST', url, headers: own, body, accessKeyId, secretAccessKey, region, service, cache },
    ...(sessionToken ? { sessionToken } : {}),
    allHeaders: true,
  })
  const signed = await signer.sign()
  for (const [name, value] of signed.headers) headers.set(name, value)
}

// By a statement: bundlers take an import that fails inside of `try` for one that may.
async function loadSigner(): Promise<typeof import('aws4fetch')> {
  try {
    return await import('aws4fetch')
  } catch (cause) {
    throw new ConfigError('AWS credentials need aws4fetch to sign with: npm install aws4fetch', { cause })
  }
}
