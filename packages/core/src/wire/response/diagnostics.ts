/** The answer to {@link DiagnosticsParam}: why the prompt cache was missed, or `null` where it was not. */
export interface Diagnostics {
  cache_miss_reason: CacheMissReason | null
}

/** Why less of the prompt came from the cache than could have. */
export type CacheMissReason =
  | {
      type: 'model_changed' | 'system_changed' | 'tools_changed' | 'messages_changed'
      cache_missed_input_tokens: number
    }
  | { type: 'previous_message_not_found' | 'unavailable' }

/** Asks why the prompt cache was missed since an earlier message. */
export interface DiagnosticsParam {
  previous_message_id?: string | null
}
