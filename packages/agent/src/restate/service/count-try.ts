import type { Session } from '../../session/session.ts'

const tried = 'fleet_try'
const parked = 'fleet_parked'

/**
 * Notes in the journal that a prompt is tried again whose turn has failed, or whose worker has died. That no worker was there
 * to try it counts for nothing.
 *
 * @returns why it is to be parked, where it was tried so often since it was asked, or parked
 */
export async function countTry(session: Session, prompt: string, most: number): Promise<string | undefined> {
  let tries = 0
  let isKnown = false
  let wasCut = false
  let why = 'its worker died'
  for await (const entry of session.entries()) {
    if (entry.type === 'prompt') {
      isKnown ||= entry.id === prompt
      wasCut = true
    } else if (entry.type === 'reply' || entry.type === 'intent' || entry.type === 'result') wasCut = true
    else if (entry.type === 'note' && entry.name === tried) tries++
    else if (entry.type === 'note' && entry.name === parked) tries = 0
    else if (entry.type === 'turn') {
      wasCut = entry.status === 'failed'
      if (wasCut) why = entry.error?.message ?? why
      else if (entry.status !== 'waiting') tries = 0
    }
  }
  if (!isKnown || !wasCut) return undefined
  // The first one was not noted.
  if (tries + 1 >= most) {
    await session.note(parked)
    return `The turn was tried ${tries + 1} times; the last time: ${why}`
  }
  await session.note(tried)
  return undefined
}
