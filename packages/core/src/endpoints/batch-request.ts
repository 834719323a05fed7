import type { Client } from '../client/client.ts'
import { ConfigError } from '../errors/config-error.ts'
import type { RequestSpec } from '../http/send.ts'
import { countRequest } from '../message-request.ts'
import type { BatchCreateParams, BatchRequest } from '../wire/index.ts'

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

function checkRequest(client: Client, { custom_id, params }: BatchRequest, index: number): void {
  if (!/^[\w-]{1,64}$/.test(custom_id)) {
    throw new ConfigError(`requests.${index}: custom_id must be 1 to 64 of a-z, A-Z, 0-9, _ and -.`)
  }
  if ((params as { stream?: boolean }).stream) throw new ConfigError(`requests.${index}: a batch takes no stream.`)
  try {
    countRequest(client, params)
  } catch (error) {
    throw error instanceof ConfigError ? new ConfigError(`requests.${index}: ${error.message}`) : error
  }
}
