import { type ContentBlock, MaxOutputTokensError, type Message, RequestAbortedError, withReply } from '@enjamb/core'
import { isCutOff, openCalls, toolUses } from '../history.ts'
import { type RunState, spend } from '../run-state.ts'
import type { TurnCalls } from './turn-calls.ts'

/** How a turn ended. */
export interface TurnEnd {
  /** As far as it came; `undefined` where nothing did. */
  message: Message | undefined
  calls: TurnCalls
  /** Which of its blocks are known to be whole. */
  whole: ReadonlySet<number>
  /** What the stream threw. */
  failed: { error: unknown } | undefined
}

/**
 * Puts a turn into the history, whole or as far as it came, and says whether another is due.
 *
 * A reply that failed without a call is left out, so that sending the history again is the retry; the error has what
 * arrived. A reply that was aborted stays as far as it came.
 *
 * @throws {RequestAbortedError} the run was aborted
 * @throws {MaxOutputTokensError} the reply was cut off inside a call
 * @throws whatever the stream, a listener or the ledger threw
 */
export function closeTurn(run: RunState, { message, calls, whole, failed }: TurnEnd): boolean {
  const { params, signal } = run
  const uses = toolUses(message)
  const asked = uses.filter((call) => calls.has(call.id))
  const reason: string | null | undefined = message?.stop_reason
  const goesOn = asked.length > 0 || reason === 'pause_turn' || reason === 'compaction'
  const cutInCall = isCutOff(message) && asked.length < uses.length
  if (message) {
    run.message = message
    const { container } = message
    // Code that ran in a container goes on in the same one.
    if (container) {
      const { container: given } = params
      params.container = typeof given === 'object' ? { ...given, id: container.id } : container.id
    }
    const part = failed || cutInCall
    const blocks = message.content.filter((block, index) => !part || whole.has(index) || block.type === 'text')
    if (signal.aborted || asked.length || !part) remember(run, blocks, calls.has, !goesOn)
    const owed = asked.length ? openCalls(run.messages) : []
    calls.answer(owed)
    spend(run, message)
  }
  throwIfAborted(run)
  if (failed) throw failed.error
  if (cutInCall) {
    throw new MaxOutputTokensError(
      `The reply was cut off inside a tool call (${reason}), which was not made; raise max_tokens, or shorten the history.`,
      { partial: message! },
    )
  }
  // Every request with it gives a summary, and no answer.
  if (reason === 'compaction') (params as { compaction?: unknown }).compaction = undefined
  const { tool_choice: choice } = params
  // A model that must call a tool in every turn would never end.
  if (choice && choice.type !== 'none') params.tool_choice = { ...choice, type: 'auto', name: undefined } as never
  return goesOn && reason !== 'refusal' && !run.deferred.length
}

/** @throws {RequestAbortedError} the run was aborted, unless something in it threw, which is thrown then */
export function throwIfAborted(run: RunState): void {
  if (!run.signal.aborted) return
  remember(run, [], () => true, true)
  throw run.error ?? new RequestAbortedError('The run was aborted.', { cause: run.signal.reason })
}

function remember(run: RunState, blocks: ContentBlock[], isAnswered: (id: string) => boolean, over: boolean): void {
  // A paused reply can be sent on as it is, but not with a new prompt after it, which is what follows an abort.
  run.messages = withReply(run.messages, blocks, isAnswered, over || run.signal.aborted)
}
