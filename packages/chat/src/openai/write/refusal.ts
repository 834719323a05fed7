import type { Message } from '@enjamb/core'

/** What a model that declined says of it; `null` where it did not. */
export function refusalOf({ stop_reason, stop_details }: Pick<Message, 'stop_reason' | 'stop_details'>): string | null {
  if (stop_reason !== 'refusal') return null
  return stop_details?.explanation ?? stop_details?.category ?? 'The model declined to answer.'
}
