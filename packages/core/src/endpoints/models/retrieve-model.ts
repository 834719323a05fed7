import type { Client } from '../../client/client.ts'
import { readJSON } from '../../http/answer/read-json.ts'
import type { RequestOptions } from '../../http/request.ts'
import { send } from '../../http/send.ts'
import type { ModelInfo } from '../../wire/index.ts'
import { endpointPath } from '../endpoint-path.ts'

/**
 * What the API says of one model: limits, capabilities, and how long it will be there.
 *
 * @param id a model's, or an alias of the API's such as `claude-haiku-4-5`
 * @throws {NotFoundError} there is no such model, or not for you; and as `createMessage`
 * @see https://platform.claude.com/docs/en/api/models
 */
export async function retrieveModel(client: Client, id: string, options: RequestOptions = {}): Promise<ModelInfo> {
  return send(client, { method: 'GET', path: endpointPath('/v1/models/*', id) }, options, readJSON<ModelInfo>)
}
