import { z } from 'zod'
import { invalidRequest } from '../../errors/rejection.ts'
import { eachIssue, wordIssue } from '../../validation/shape/word-issue.ts'
import type { BatchRequest } from './batch.ts'

const most = 100_000

const schema = z.strictObject({
  requests: z
    .array(
      z.strictObject({
        custom_id: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
        params: z.record(z.string(), z.unknown()),
      }),
    )
    .min(1)
    .max(most),
})

/**
 * The requests of a new batch; whether each is a good one shows in its result only, as with the API.
 *
 * @throws {Rejection}
 */
export function parseBatchRequests(body: Record<string, unknown>): BatchRequest[] {
  const { error, data } = schema.safeParse(body)
  if (error) throw invalidRequest(wordIssue(eachIssue(error.issues, body)[0]!, body))
  const seen = new Set<string>()
  for (const [index, { custom_id, params }] of data.requests.entries()) {
    if (seen.has(custom_id)) throw invalidRequest(`requests.${index}.custom_id: Duplicate custom_id: ${custom_id}`)
    if (params.stream) throw invalidRequest(`requests.${index}.params.stream: Streaming is not supported in batches`)
    seen.add(custom_id)
  }
  return data.requests
}
