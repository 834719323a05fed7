import { EnjambError, type ErrorFields } from '@enjamb/core'

/** Where a request first differs from the one that was recorded. */
export interface Difference {
  /** As `messages[2].content[0].text`. */
  place: string
  /** `undefined` where there was nothing. */
  recorded: unknown
  actual: unknown
}

/** A request or a call that the record does not have; it names the first difference. */
export class ReplayError extends EnjambError {
  override get code(): string {
    return 'replay'
  }
  /** `undefined` where the record has no further request at all, or not of this kind. */
  declare readonly difference: Difference | undefined

  constructor(message: string, fields: ErrorFields & { difference?: Difference | undefined }) {
    super(message, fields)
  }
}

/** @param number of the request, from 1 */
export function requestDiffers(number: number, difference: Difference): ReplayError {
  const { place, recorded, actual } = difference
  return new ReplayError(
    `Request ${number} is not the recorded one. First difference: ${place} was ${shown(recorded)}, and is ${shown(actual)}.`,
    { difference },
  )
}

function shown(value: unknown): string {
  if (value === undefined) return 'not there'
  const json = JSON.stringify(value) ?? String(value)
  return json.length > 200 ? `${json.slice(0, 200)}…` : json
}
