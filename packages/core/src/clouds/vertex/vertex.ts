import type { CredentialRequest } from '../../client/client.ts'
import { ConfigError } from '../../errors/config-error.ts'
import { readVariable } from '../../platform/server/read-variable.ts'
import { withRegion } from '../answer/with-region.ts'
import type { CloudRequest, CloudTarget } from '../cloud.ts'
import { cloudFetch } from '../cloud-fetch.ts'
import type { CloudClientOptions, CloudOptions } from '../cloud-options.ts'
import { toCloudParams } from '../to-cloud-params.ts'
import { vertexModel } from './vertex-model.ts'

export interface VertexOptions extends CloudOptions {
  /** The id of the Google Cloud project. Default: `ANTHROPIC_VERTEX_PROJECT_ID`, then `GOOGLE_CLOUD_PROJECT`. */
  project?: string | undefined
  /**
   * `global`, which routes anywhere; a multi-region, `us` or `eu`; or a region, as `europe-west1`. Regions of either kind
   * cost a tenth more. Default: `CLOUD_ML_REGION`.
   */
  region?: string | undefined
  /**
   * An OAuth token for Google Cloud with the scope `cloud-platform`, or a function that gives one: with
   * `google-auth-library`, `() => auth.getAccessToken()`. It is asked before every attempt, so let it cache.
   */
  accessToken: string | ((request: CredentialRequest) => Token | Promise<Token>)
  /** In the place of Google's address, with or without `/v1` at its end. Default: `ANTHROPIC_VERTEX_BASE_URL`. */
  baseURL?: string | undefined
}

type Token = string | null | undefined

/**
 * Claude on Vertex AI of Google Cloud: the client options for it. Models are called by their ids here (`claude-haiku-4-5`,
 * `haiku`) or there (`claude-haiku-4-5@20251001`).
 *
 * Batches, files and models are not to be had there, and throw a `ConfigError` before anything is sent.
 *
 * @throws {ConfigError} there is no `project` or no `region`
 * @see https://platform.claude.com/docs/en/build-with-claude/claude-on-vertex-ai
 * @example
 * const auth = new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' })
 * const client = createClient(vertex({ region: 'global', project: 'my-project', accessToken: () => auth.getAccessToken() }))
 */
export function vertex(options: VertexOptions): CloudClientOptions {
  const { accessToken } = options
  const region = options.region ?? readVariable('CLOUD_ML_REGION')
  const project = options.project ?? readVariable('ANTHROPIC_VERTEX_PROJECT_ID') ?? readVariable('GOOGLE_CLOUD_PROJECT')
  if (!region || !/^[\w-]+$/.test(region))
    throw new ConfigError('region must be global, us, eu or one of Google Cloud.')
  if (!project || !/^[\w.:-]+$/.test(project))
    throw new ConfigError('project must be the id of a Google Cloud project.')
  if (!accessToken) throw new ConfigError('accessToken must be a Google Cloud token, or a function that gives one.')
  const address = options.baseURL ?? readVariable('ANTHROPIC_VERTEX_BASE_URL') ?? addressOf(region)
  return {
    baseURL: `${address.replace(/(\/v1)?\/*$/, '')}/v1/projects/${project}/locations/${region}`,
    async authToken(request) {
      const token = typeof accessToken === 'function' ? await accessToken(request) : accessToken
      if (!token) throw new ConfigError('accessToken must give a token of Google Cloud: it gave none.')
      return token
    },
    fetch: cloudFetch(
      {
        name: 'Vertex AI',
        serves: /^\/v1\/messages(\/count_tokens)?$/,
        toTarget,
        toAnswer(response, { path }) {
          return region === 'global' || path !== '/v1/messages' ? response : withRegion(response, `vertex-${region}`)
        },
      },
      options.fetch,
    ),
  }
}

function addressOf(region: string): string {
  if (region === 'global') return 'https://aiplatform.googleapis.com'
  // Multi-regions have addresses of their own.
  if (!region.includes('-')) return `https://aiplatform.${region}.rep.googleapis.com`
  return `https://${region}-aiplatform.googleapis.com`
}

function toTarget(request: CloudRequest): CloudTarget {
  const { model, stream, rest } = toCloudParams(request, 'vertex-2023-10-16')
  const models = `${request.base}/publishers/anthropic/models`
  if (request.path !== '/v1/messages') {
    return { url: `${models}/count-tokens:rawPredict`, body: JSON.stringify({ ...rest, model: vertexModel(model) }) }
  }
  const id = encodeURIComponent(vertexModel(model)).replace('%40', '@')
  return { url: `${models}/${id}:${stream ? 'streamRawPredict' : 'rawPredict'}`, body: JSON.stringify(rest) }
}
