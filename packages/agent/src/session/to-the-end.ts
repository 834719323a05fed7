import type { OutputSchema } from '@enjamb/chat'
import { onAbort, type UserMessageParam } from '@enjamb/core'
import type { Turn } from '../turn/turn.ts'
import type { TurnResult } from '../turn/turn-result.ts'
import type { Session, TurnOptions } from './session.ts'

/**
 * Asks, or goes on with what was asked, until nothing of the session works in the background any more and all of that has
 * been heard.
 *
 * @param onTurn makes each turn
 */
export async function toTheEnd(
  session: Session,
  { id, prompt }: { id: string; prompt: UserMessageParam['content'] },
  given: TurnOptions<OutputSchema>,
  onTurn: (turn: Turn<unknown>) => Promise<TurnResult<unknown>> = (turn) => turn.final(),
): Promise<TurnResult<unknown>> {
  const { signal } = given
  // With a schema or without one, it is asked in one way.
  const options = given as TurnOptions
  // While it waits for them, no turn hears of it.
  const forget = onAbort(signal, () => session.interrupt(signal?.reason))
  try {
    for (let turn: Turn<unknown> = session.send(prompt, { ...options, id: await lastPrompt(session, id) }); ; ) {
      const result = await onTurn(turn)
      if (result.status !== 'completed') return result
      await session.settled()
      const next = signal?.aborted ? undefined : session.continue(options)
      if (!next) return result
      turn = next
    }
  } finally {
    forget()
  }
}

/**
 * Of what was asked before, the prompt that the last turn began with, which may be a report; one that failed has left none. Else
 * the one that is to be asked.
 */
async function lastPrompt(session: Session, first: string): Promise<string> {
  let isKnown = false
  let [last, now] = [first, '']
  for await (const entry of session.entries()) {
    if (entry.type === 'prompt') {
      now ||= entry.id
      isKnown ||= entry.id === first
    }
    if (entry.type !== 'turn' || entry.status === 'waiting') continue
    if (now && entry.status !== 'failed') last = now
    now = ''
  }
  return isKnown ? now || last : first
}
