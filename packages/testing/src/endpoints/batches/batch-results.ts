import { invalidRequest } from '../../errors/rejection.ts'
import type { OutgoingResponse } from '../../http/outgoing-response.ts'
import type { OpenExchange } from '../exchange.ts'
import { settledBatch } from './batch-routes.ts'

/** `GET /v1/messages/batches/{id}/results`: a line of JSON for each request; not in the order of the requests. */
export async function batchResults(exchange: OpenExchange): Promise<OutgoingResponse> {
  const { id, results } = await settledBatch(exchange)
  if (!results) throw invalidRequest(`Message batch ${id} has no results yet: it is still in progress.`)
  const lines = results.map((result) => `${JSON.stringify(result)}\n`).reverse()
  return {
    status: 200,
    headers: { ...exchange.headers, 'content-type': 'application/x-jsonl' },
    body: lines.join(''),
  }
}
