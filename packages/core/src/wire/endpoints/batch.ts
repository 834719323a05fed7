import type { MessageParams } from '../request/params.ts'
import type { ErrorBody } from '../response/error-body.ts'
import type { Message } from '../response/message.ts'
import type { PageParams } from './page.ts'

/** The body of `POST /v1/messages/batches`. */
export interface BatchCreateParams {
  /** 1 to 100,000, and at most 256 MB of JSON. */
  requests: BatchRequest[]
}

/** One request of a message batch. */
export interface BatchRequest {
  /** Yours, to find the result by: 1 to 64 letters, digits, `_` and `-`, no two alike in a batch. */
  custom_id: string
  params: MessageParams
}

/** Which batches to list, the newest first. */
export interface BatchListParams extends PageParams {}

/**
 * Many requests that are answered within a day, for half the price. All times are RFC 3339.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/batch-processing
 */
export interface MessageBatch {
  id: string
  type: 'message_batch'
  processing_status: 'in_progress' | 'canceling' | 'ended'
  request_counts: MessageBatchRequestCounts
  created_at: string
  /** A day after it was created: what is not done by then has expired. */
  expires_at: string
  ended_at: string | null
  cancel_initiated_at: string | null
  /** Since when its results can no longer be had. */
  archived_at: string | null
  /** `null` until it has ended. */
  results_url: string | null
}

/** How many requests of a batch are where; all are `processing` until the whole batch has ended. */
export interface MessageBatchRequestCounts {
  processing: number
  succeeded: number
  errored: number
  canceled: number
  expired: number
}

/** One line of a batch's results, which come in any order. */
export interface MessageBatchIndividualResponse {
  custom_id: string
  result: MessageBatchResult
}

/** What came of one request of a batch. */
export type MessageBatchResult =
  | MessageBatchSucceededResult
  | MessageBatchErroredResult
  | MessageBatchCanceledResult
  | MessageBatchExpiredResult

/** The request was answered. */
export interface MessageBatchSucceededResult {
  type: 'succeeded'
  message: Message
}

/** Costs nothing. */
export interface MessageBatchErroredResult {
  type: 'errored'
  error: ErrorBody
}

/** The batch was cancelled before this request was sent to the model; costs nothing. */
export interface MessageBatchCanceledResult {
  type: 'canceled'
}

/** The batch's day was over before this request was sent to the model; costs nothing. */
export interface MessageBatchExpiredResult {
  type: 'expired'
}

/** The answer to the deletion of a batch. */
export interface DeletedMessageBatch {
  id: string
  type: 'message_batch_deleted'
}
