import { readJSON } from '../../http/answer/read-json.ts'
import { readerOf } from '../../http/answer/reader-of.ts'
import { readVariable } from '../../platform/server/read-variable.ts'
import { toBodyResponse } from '../answer/to-body-response.ts'
import { withRegion } from '../answer/with-region.ts'
import type { CloudRequest } from '../cloud.ts'
import { cloudFetch } from '../cloud-fetch.ts'
import type { CloudClientOptions, CloudOptions } from '../cloud-options.ts'
import { toCloudParams } from '../to-cloud-params.ts'
import { type AwsAuthOptions, awsAuth, awsRegion, awsStatus } from './auth/aws-auth.ts'
import { type BedrockGeo, bedrockModel, bedrockRegion } from './bedrock-model.ts'
import { sseFromEventStream } from './event-stream/sse-from-event-stream.ts'
import { toBase64 } from './to-base64.ts'

export interface BedrockOptions extends CloudOptions, AwsAuthOptions {
  /**
   * Where models that are called by their ids at the API may answer. Default `global`; geographies and the region itself cost
   * a tenth more. An id of Bedrock says so itself.
   */
  geo?: BedrockGeo | undefined
  /** In the place of the address of `bedrock-runtime`. Default: `ANTHROPIC_BEDROCK_BASE_URL`. */
  baseURL?: string | undefined
}

/**
 * Claude on Amazon Bedrock by its operations InvokeModel, InvokeModelWithResponseStream and CountTokens: the client options
 * for it. Models are called by their ids at the API (`claude-haiku-4-5`, `haiku`) or there
 * (`eu.anthropic.claude-haiku-4-5-20251001-v1:0`, an ARN).
 *
 * Batches, files and models are not to be had there, and throw a `ConfigError` before anything is sent.
 *
 * @throws {ConfigError} there is no `region`, or both `apiKey` and `credentials`
 * @see https://platform.claude.com/docs/en/build-with-claude/claude-on-amazon-bedrock
 * @example
 * const client = createClient(bedrock({ region: 'eu-west-1', credentials: fromNodeProviderChain() }))
 */
export function bedrock(options: BedrockOptions = {}): CloudClientOptions {
  const { geo = 'global' } = options
  const region = awsRegion(options)
  const { authToken, sign } = awsAuth(options, 'bedrock', region)
  const address = options.baseURL ?? readVariable('ANTHROPIC_BEDROCK_BASE_URL')
  const models = new WeakMap<CloudRequest, string>()

  async function toTarget(request: CloudRequest) {
    const { headers, path, base } = request
    const { model, stream, rest } = toCloudParams(request, 'bedrock-2023-05-31')
    const id = bedrockModel(model, geo)
    models.set(request, id)
    const betas = headers.get('anthropic-beta')
    if (betas) rest.anthropic_beta ??= betas.split(/\s*,\s*/)
    delete rest.stream
    const isCount = path !== '/v1/messages'
    const operation = isCount ? 'count-tokens' : stream ? 'invoke-with-response-stream' : 'invoke'
    // Tokens are counted for models, not for where they answer.
    const name = isCount ? id.replace(/^[a-z-]+\.(?=anthropic\.)/, '') : id
    const url = `${base}/model/${encodeURIComponent(name).replaceAll('%3A', ':')}/${operation}`
    const body = JSON.stringify(isCount ? countBody(rest) : rest)
    await sign(url, headers, body)
    return { url, body }
  }

  async function toAnswer(response: Response, request: CloudRequest): Promise<Response> {
    if (request.path !== '/v1/messages') {
      const { inputTokens } = await readJSON<{ inputTokens: number }>({ response })
      return toBodyResponse(response, JSON.stringify({ input_tokens: inputTokens }))
    }
    const where = bedrockRegion(models.get(request) ?? '', region)
    const isBinary = response.headers.get('content-type')?.includes('application/vnd.amazon.eventstream')
    const reader = isBinary ? readerOf(response) : undefined
    if (!reader) return where ? withRegion(response, where) : response
    const answer = toBodyResponse(response, sseFromEventStream(reader, where))
    answer.headers.set('content-type', 'text/event-stream; charset=utf-8')
    return answer
  }

  return {
    baseURL: address ?? `https://bedrock-runtime.${region}.amazonaws.com`,
    authToken,
    fetch: cloudFetch(
      {
        name: 'Amazon Bedrock',
        serves: /^\/v1\/messages(\/count_tokens)?$/,
        requestId: 'x-amzn-requestid',
        toTarget,
        statusOf: awsStatus,
        toAnswer,
      },
      options.fetch,
    ),
  }
}

/** @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_CountTokens.html */
function countBody(params: Record<string, unknown>): object {
  // It takes what could be asked, which is nothing without a limit.
  return { input: { invokeModel: { body: toBase64(JSON.stringify({ max_tokens: 1, ...params })) } } }
}
