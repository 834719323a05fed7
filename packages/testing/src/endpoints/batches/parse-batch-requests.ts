import { invalidRequest } from '../../errors/rejection.ts'
import { loadShapes } from '../../validation/load-shapes.ts'
import type { BatchRequest } from './batch.ts'

/**
 * The requests of a new batch; whether each is a good one shows in its result only, as with the API.
 *
 * @throws {Rejection}
 */
export async function parseBatchRequests(body: Record<string, unknown>): Promise<BatchRequest[]> {
  const { findBatchProblem } = await loadShapes()
  const problem = findBatchProblem(body)
  if (problem !== undefined) throw invalidRequest(problem)
  const requests = body.requests as BatchRequest[]
  const seen = new Set<string>()
  for (const [index, { custom_id, params }] of requests.entries()) {
    if (seen.has(custom_id)) throw invalidRequest(`requests.${index}.custom_id: Duplicate custom_id: ${custom_id}`)
    if (params.stream) throw invalidRequest(`requests.${index}.params.stream: Streaming is not supported in batches`)
    seen.add(custom_id)
  }
  return requests
}
