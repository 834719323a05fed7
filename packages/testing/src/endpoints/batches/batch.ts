import type { ErrorBody, Message } from '@enjamb/core'

/** A batch as the mock keeps it. Times are in milliseconds. */
export interface Batch {
  id: string
  createdAt: number
  /** When its requests will have been worked through. */
  endsAt: number
  cancelledAt: number | undefined
  requests: BatchRequest[]
  /** Set once it is being worked through, so that a second look waits for the first. */
  work: Promise<BatchResult[]> | undefined
  /** Set once it has ended. */
  results: BatchResult[] | undefined
}

export interface BatchRequest {
  custom_id: string
  params: Record<string, unknown>
}

export interface BatchResult {
  custom_id: string
  result:
    | { type: 'succeeded'; message: Message }
    | { type: 'errored'; error: ErrorBody }
    | { type: 'canceled' }
    | { type: 'expired' }
}

/** How long a batch has. */
export const day = 24 * 60 * 60_000

/** A batch as the API shows it. */
export function batchInfo({ id, createdAt, endsAt, cancelledAt, requests, results }: Batch, origin: string) {
  const ended = results !== undefined
  const count = (type: BatchResult['result']['type']) =>
    results?.filter(({ result }) => result.type === type).length ?? 0
  return {
    id,
    type: 'message_batch',
    processing_status: ended ? 'ended' : cancelledAt === undefined ? 'in_progress' : 'canceling',
    request_counts: {
      processing: ended ? 0 : requests.length,
      succeeded: count('succeeded'),
      errored: count('errored'),
      canceled: count('canceled'),
      expired: count('expired'),
    },
    created_at: date(createdAt),
    expires_at: date(createdAt + day),
    ended_at: ended ? date(cancelledAt ?? Math.min(endsAt, createdAt + day)) : null,
    cancel_initiated_at: cancelledAt === undefined ? null : date(cancelledAt),
    archived_at: null,
    results_url: ended ? `${origin}/v1/messages/batches/${id}/results` : null,
  }
}

function date(ms: number): string {
  return new Date(ms).toISOString()
}
