import type { Client } from '../../client/client.ts'
import { ConfigError } from '../../errors/config-error.ts'
import type { RequestSpec } from '../../http/request.ts'
import type { BatchCreateParams, BatchRequest } from '../../wire/index.ts'
import { countRequest } from '../messages/message-request.ts'

/** @throws {ConfigError} the API would refuse the whole batch, or one of its requests for the version */
export function batchRequest(client: Client, params: BatchCreateParams): RequestSpec {
  const { requests } = params
  if (!(requests?.length > 0 && requests.length <= 100_000)) {
    throw new ConfigError('requests must be 1 to 100,000.')
  }
  const ids = new Set<string>()
  for (const [index, request] of requests.entries()) {
    checkRequest(client, request, index)
    if (ids.has(request.custom_id)) throw new ConfigError(`requests.${index}: custom_id ${request.custom_id} twice.`)
    ids.add(request.custom_id)
  }
  return { method: 'POST', path: '/v1/messages/batches', body: params }
}

function checkRequest(client: Client, request: BatchRequest | undefined, index: number): void {
  const { custom_id, params } = Object(request) as Partial<BatchRequest>
  const refuse = (message: string) => new ConfigError(`requests.${index}: ${message}`)
  if (typeof custom_id !== 'string' || !/^[\w-]{1,64}$/.test(custom_id)) {
    throw refuse('custom_id must be 1 to 64 of a-z, A-Z, 0-9, _ and -.')
  }
  if (!params) throw refuse('params must be those of a message.')
  if ((params as { stream?: boolean }).stream) throw refuse('a batch takes no stream.')
  try {
    // For what it refuses. A batch has no connection that an answer could outlast, so only this much of it holds here.
    countRequest(client, params)
  } catch (error) {
    throw error instanceof ConfigError ? refuse(error.message) : error
  }
}
