import { invalidRequest, Rejection } from '../../errors/rejection.ts'
import { jsonResponse } from '../../http/json-response.ts'
import type { OutgoingResponse } from '../../http/outgoing-response.ts'
import { paginate } from '../../http/paginate.ts'
import type { OpenExchange } from '../exchange.ts'
import { type Batch, batchInfo } from './batch.ts'
import { parseBatchRequests } from './parse-batch-requests.ts'
import { settleBatch } from './settle-batch.ts'

/** `POST /v1/messages/batches`: it is in progress at least until it is looked at again. */
export async function createBatch({ body, request, headers, newId, state }: OpenExchange): Promise<OutgoingResponse> {
  const { now, batchDurationMs } = state.options
  const batch: Batch = {
    id: newId('msgbatch'),
    createdAt: now(),
    endsAt: now() + batchDurationMs,
    cancelledAt: undefined,
    requests: await parseBatchRequests(body),
    work: undefined,
    results: undefined,
  }
  state.batches.set(batch.id, batch)
  return jsonResponse(batchInfo(batch, request.origin), headers)
}

/** `GET /v1/messages/batches/{id}` */
export async function retrieveBatch(exchange: OpenExchange): Promise<OutgoingResponse> {
  return jsonResponse(batchInfo(await settledBatch(exchange), exchange.request.origin), exchange.headers)
}

/** `GET /v1/messages/batches`: the newest first, in pages. */
export async function listBatches(exchange: OpenExchange): Promise<OutgoingResponse> {
  const { state, request, headers } = exchange
  const batches = [...state.batches.values()].reverse()
  for (const batch of batches) await settleBatch(batch, exchange)
  const infos = batches.map((batch) => batchInfo(batch, request.origin))
  return jsonResponse(paginate(infos, new URLSearchParams(request.query)), headers)
}

/** `POST /v1/messages/batches/{id}/cancel`: its requests are cancelled when it is looked at again. */
export function cancelBatch(exchange: OpenExchange): OutgoingResponse {
  const batch = findBatch(exchange)
  if (!batch.results) batch.cancelledAt ??= exchange.state.options.now()
  return jsonResponse(batchInfo(batch, exchange.request.origin), exchange.headers)
}

/** `DELETE /v1/messages/batches/{id}` */
export async function deleteBatch(exchange: OpenExchange): Promise<OutgoingResponse> {
  const { id, results } = await settledBatch(exchange)
  if (!results) throw invalidRequest(`Message batch ${id} is still in progress. Cancel it before deleting it.`)
  exchange.state.batches.delete(id)
  return jsonResponse({ id, type: 'message_batch_deleted' }, exchange.headers)
}

/**
 * The batch that a path names, worked through if its time has come.
 *
 * @throws {Rejection} 404
 */
export async function settledBatch(exchange: OpenExchange): Promise<Batch> {
  const batch = findBatch(exchange)
  await settleBatch(batch, exchange)
  return batch
}

function findBatch({ id, state }: OpenExchange): Batch {
  const batch = state.batches.get(id)
  if (!batch) throw new Rejection(`Message batch ${id} not found`, { type: 'not_found_error' })
  return batch
}
