import type { AgentEvent } from './agent-event.ts'
import { type Channel, createChannel, readBegun } from './channel.ts'
import type { TurnResult } from './turn-result.ts'

/**
 * One question to a session and all that follows until the model is done.
 *
 * Nothing is sent before somebody reads it. From then on it goes on to its end, whoever still reads: leaving a loop is no
 * interruption, `session.interrupt()` is.
 */
export interface Turn<Value = undefined> extends AsyncIterable<AgentEvent> {
  /**
   * Makes the turn to its end; may be called beside a loop, or after it.
   *
   * @throws as `runTools` does, but for a spent budget, a limit of turns and an interruption, which are results; whatever it
   * throws, the session can go on. An answer that does not fit its schema is a `SchemaMismatchError`, one that was cut off a
   * `MaxOutputTokensError`; both have the message. {@link SessionLostError} somebody else has taken the session over
   */
  final(): Promise<TurnResult<Value>>
  /** The text of the answers as it arrives. */
  text(): AsyncIterable<string>
}

/**
 * A turn of whichever value: who calls knows what its `work` gives.
 *
 * @param work makes the turn, and gives events to the channel meanwhile
 */
export function createTurn(work: (channel: Channel<AgentEvent>) => Promise<TurnResult<unknown>>): Turn<never> {
  const channel = createChannel<AgentEvent>()
  let result: Promise<TurnResult<never>> | undefined
  const begin = () => {
    result ??= work(channel).then(
      (value) => {
        channel.end()
        return value as TurnResult<never>
      },
      (error) => {
        channel.end({ error })
        throw error
      },
    )
    // Whoever reads in a loop gets the error there.
    result.catch(() => {})
    return result
  }
  const read = () => readBegun(channel, begin)
  return {
    [Symbol.asyncIterator]: read,
    final: begin,
    async *text() {
      for await (const event of read()) if (event.type === 'text') yield event.text
    },
  }
}
