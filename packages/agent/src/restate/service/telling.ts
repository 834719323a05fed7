import { errorToJSON, isEnjambError } from '@enjamb/core'
import type { Restate } from '../load-sdk.ts'

/** Errors that are the asker's: asked again, the same is the answer. All else may pass, or waits for somebody who mends it. */
const final: Record<string, number> = {
  config: 409,
  session_not_found: 404,
  invalid_request: 400,
  request_too_large: 413,
  schema_mismatch: 422,
  max_output_tokens: 422,
}

/**
 * Does work for the engine: an error is told to whoever asked, where it is theirs; all else is
 * tried again, after the pause that the provider asks for where it does.
 */
export async function telling<T>({ TerminalError, RetryableError }: Restate, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isEnjambError(error)) throw error
    const errorCode = final[error.code]
    if (errorCode !== undefined) {
      const { stack: _, cause: __, ...json } = errorToJSON(error)
      throw new TerminalError(error.message, { errorCode, metadata: { error: JSON.stringify(json) } })
    }
    const { retryAfterMs } = error as { retryAfterMs?: number }
    throw retryAfterMs === undefined ? error : RetryableError.from(error, { retryAfter: retryAfterMs })
  }
}
