import { modelId } from '../../models/find-model-row.ts'
import { readVariable } from '../../platform/server/read-variable.ts'
import { withRegion } from '../answer/with-region.ts'
import type { CloudRequest } from '../cloud.ts'
import { cloudFetch } from '../cloud-fetch.ts'
import type { CloudClientOptions, CloudOptions } from '../cloud-options.ts'
import { type AwsAuthOptions, awsAuth, awsRegion, awsStatus } from './auth/aws-auth.ts'

export interface BedrockMantleOptions extends CloudOptions, AwsAuthOptions {
  /** In the place of the address of `bedrock-mantle`, up to `/anthropic`. Default: `ANTHROPIC_BEDROCK_MANTLE_BASE_URL`. */
  baseURL?: string | undefined
}

/**
 * Claude on Amazon Bedrock by its endpoint `bedrock-mantle`, which speaks the Messages API itself: the client options for it.
 * Models are called by their ids at the API (`claude-opus-5-5`, `opus`) or there (`anthropic.claude-opus-5-5`); they answer in
 * the region that is asked, which costs a tenth more than anywhere.
 *
 * Batches, files and models are not to be had there, and throw a `ConfigError` before anything is sent.
 *
 * @throws {ConfigError} there is no `region`, or both `apiKey` and `credentials`
 * @see https://platform.claude.com/docs/en/build-with-claude/claude-in-amazon-bedrock
 * @example
 * const client = createClient(bedrockMantle({ region: 'us-east-1', apiKey: '…' }))
 */
export function bedrockMantle(options: BedrockMantleOptions = {}): CloudClientOptions {
  const region = awsRegion(options)
  const { authToken, sign } = awsAuth(options, 'bedrock-mantle', region)
  const address = options.baseURL ?? readVariable('ANTHROPIC_BEDROCK_MANTLE_BASE_URL')

  async function toTarget({ base, path, headers, body: given }: CloudRequest) {
    const { model, ...rest } = JSON.parse(given) as { model: string }
    const name = model.startsWith('claude-') ? `anthropic.${modelId(model)}` : model
    const body = JSON.stringify({ model: name, ...rest })
    const url = `${base}${path}${headers.has('anthropic-beta') ? '?beta=true' : ''}`
    await sign(url, headers, body)
    return { url, body }
  }

  return {
    baseURL: address ?? `https://bedrock-mantle.${region}.api.aws/anthropic`,
    authToken,
    fetch: cloudFetch(
      {
        name: 'Amazon Bedrock',
        serves: /^\/v1\/messages(\/count_tokens)?$/,
        requestId: 'x-amzn-requestid',
        toTarget,
        statusOf: awsStatus,
        toAnswer: (response, { path }) =>
          path === '/v1/messages' ? withRegion(response, `bedrock-${region}`) : response,
      },
      options.fetch,
    ),
  }
}
