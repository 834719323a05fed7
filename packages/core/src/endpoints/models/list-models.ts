import type { Client } from '../../client/client.ts'
import type { RequestOptions } from '../../http/request.ts'
import type { ModelInfo, ModelListParams } from '../../wire/index.ts'
import { listItems } from '../list-items.ts'

/**
 * The models that the API serves, the newest first. Pages are fetched as the loop comes to them; `limit` is the size of
 * one, not of the list.
 *
 * @throws as `createMessage`, when the loop asks
 * @see https://platform.claude.com/docs/en/api/models-list
 * @example
 * for await (const model of listModels(client)) console.log(model.id, model.max_input_tokens)
 */
export function listModels(
  client: Client,
  query: ModelListParams = {},
  options: RequestOptions = {},
): AsyncGenerator<ModelInfo, void, undefined> {
  return listItems(client, '/v1/models', { ...query }, options)
}
