import { messageText, toReply } from '@enjamb/chat'
import { type Message, withOptions } from '@enjamb/core'
import { openCalls, type ToolRun } from '@enjamb/tools'
import type { BackendSeat } from '../backend/backend-seat.ts'
import { runBackend } from '../backend/run-backend.ts'
import { createCompactor } from '../context/compaction/create-compactor.ts'
import { endOfReply } from '../journal/end-of-reply.ts'
import type { TurnEntry, TurnStatus } from '../journal/entry.ts'
import { waitingCalls } from '../journal/waiting-calls.ts'
import { toPending } from './agent-event.ts'
import { createPrompter } from './create-prompter.ts'
import { cutOffFacts, factsOfEnd, statusOf, toRefusal } from './how-it-ended.ts'
import { createLoop, type Progress } from './loop/create-loop.ts'
import type { TurnResult } from './turn-result.ts'
import type { TurnSettings } from './turn-settings.ts'
import { formatEntries } from './with-format.ts'

/**
 * Makes a turn to its end, with the journal as its ledger: what is sent is what the journal comes to, and everything that
 * happens is written there before anything else follows from it.
 */
export async function runTurn(settings: TurnSettings): Promise<TurnResult<unknown>> {
  const { journal, client, sessionId, hooks, signal, prompts, budget } = settings
  const { state } = journal
  const began = performance.now()
  const compactor = createCompactor({
    ...settings,
    ...(settings.seat && { compaction: false }),
    client: budget
      ? withOptions(client, { middleware: [...client.middleware, budget.forSummaries ?? budget.middleware] })
      : client,
  })
  const prompter = createPrompter(settings)
  const { hasPrompts, takePrompts, takeNotices } = prompter
  const progress: Progress = { message: undefined, requests: 0, calls: [] }
  const run = createLoop(settings, progress, prompter, compactor)
  /** How often a hook has had the turn go on. */
  let goneOn = 0
  let isTold = false

  /** What is run in place of the loop, where the agent has a backend. */
  async function delegate(seat: BackendSeat): Promise<Pick<ToolRun, 'deferred'>> {
    takeNotices()
    await takePrompts()
    await runBackend({
      ...settings,
      seat,
      cwd: settings.sessionCwd,
      maxTurns: settings.maxTurns - progress.requests,
      onReply(whole, isWhole) {
        progress.message = whole
        if (isWhole) progress.requests++
      },
      onCall: (call) => progress.calls.push(call),
    })
    return { deferred: [] }
  }

  async function end({ status, error }: Omit<TurnEntry, 'type'>): Promise<void> {
    await journal.append({ type: 'turn', status, ...(error && { error }) })
  }

  function toResult(status: TurnResult['status'], reason: string | undefined, value?: unknown): TurnResult<unknown> {
    const { usage, cost } = settings.tally
    const { message, requests, calls } = progress
    return {
      status,
      reason,
      choice: state.choice,
      unsent: prompts.map(({ id }) => id),
      text: textOf(message),
      message,
      value,
      pending: status === 'waiting' ? waitingCalls(state).map(toPending) : [],
      calls,
      usage,
      cost,
      requests,
      durationMs: performance.now() - began,
    }
  }

  /** Writes the end of the turn before, where that failed to write it, or a crash has left it without. */
  async function endLast(): Promise<void> {
    const { turn } = state
    if (!hasPrompts() || !turn || turn.status) return
    const status = settings.unended.status ?? (turn.reply && endOfReply(turn.reply))
    if (status) await end({ status })
  }

  /** What was cut off for want of money is not over: with more of it, it goes on. */
  function goOnWithCutOff(): void {
    const { status, reply } = state.turn ?? {}
    if (status !== 'over_budget' || reply?.stop_reason !== 'max_tokens' || hasPrompts()) return
    prompts.push({ type: 'prompt', id: crypto.randomUUID(), content: cutOffNotice, by: 'enjamb' })
  }

  async function work(): Promise<TurnResult['status']> {
    await endLast()
    goOnWithCutOff()
    settings.unended.status = undefined
    await journal.append(...settings.decisions)
    await journal.append(...formatEntries(state.frozen, settings.format))
    for (;;) {
      const { reply } = state.turn ?? {}
      progress.message ??= reply
      const ended = reply && endOfReply(reply)
      const owes = openCalls(state.messages).length > 0
      if (ended === 'refused' || (ended && !owes && !hasPrompts())) {
        if (isCutOff(reply)) {
          await tell('over_budget')
          return over('over_budget')
        }
        if (await isOver(ended)) return ended
        continue
      }
      // The part of a reply at the end is nothing that can be gone on with.
      if (!reply && !owes && !hasPrompts() && state.messages.at(-1)?.role === 'assistant') {
        await tell('interrupted')
        return over('interrupted')
      }
      if (!owes && hasPrompts()) await compactor.ifFull()
      if (!owes && hasPrompts() && !(await takePrompts()).length) {
        if (ended) continue
        await tell('refused')
        return over('refused')
      }
      if (progress.requests >= settings.maxTurns) {
        await tell('turn_limit')
        return over('turn_limit')
      }
      const { seat } = settings
      const made = await (seat ? delegate(seat) : run()).catch(async (error) => {
        if (seat || !(await compactor.makeRoom(error))) throw error
      })
      if (!made) continue
      // It knows when it is done, whatever its last words are.
      if (seat && !(state.turn?.reply && endOfReply(state.turn.reply)) && (await isOver('completed')))
        return 'completed'
      const { deferred } = made
      // Somebody may have decided while the others were at work.
      const waits = () => deferred.length > 0 && waitingCalls(state).length > 0
      // They stand behind the results, whoever gets those.
      while (deferred.length && hasPrompts()) await takePrompts()
      if (waits() && (await isOver('waiting')) && waits()) return over('waiting')
    }
  }

  async function readValue(): Promise<unknown> {
    const { usage, cost } = settings.tally
    const { message } = progress
    if (!settings.output || !message) return undefined
    return settings.output.read(toReply(message, undefined, undefined, { messages: [] }), {
      usage: usage ?? message.usage,
      cost,
    })
  }

  function isCutOff(reply: Message | undefined): boolean {
    return !!reply && !!budget?.cutOff?.has(reply.id)
  }

  /** Tells of an end, and says whether it still is one then. */
  async function isOver(status: 'refused' | 'completed' | 'waiting'): Promise<boolean> {
    const goesOn = await tell(status)
    isTold = false
    while (status === 'waiting' && hasPrompts()) await takePrompts()
    if (goesOn || (status === 'completed' && hasPrompts())) return false
    if (status !== 'waiting') settings.close()
    return true
  }

  /** Tells hooks of the end, and says whether one of them has the turn go on. */
  async function tell(status: TurnStatus, error?: unknown): Promise<boolean> {
    isTold = true
    const mayGoOn = status === 'completed' && goneOn < mostGoOns
    const text = textOf(progress.message)
    const { messages } = state
    const { prompt } = await hooks.afterTurn({ status, text, messages, goneOn, mayGoOn, error }, { sessionId, signal })
    if (!mayGoOn || !prompt?.length) return false
    goneOn++
    prompts.push({ type: 'prompt', id: crypto.randomUUID(), content: prompt, by: 'afterTurn' })
    return true
  }

  /** At once, so that nothing comes between what was found and this. */
  function over<Status>(status: Status): Status {
    settings.close()
    return status
  }

  try {
    const status = await work()
    const cutOff = status === 'over_budget' ? cutOffFacts : undefined
    const error = status === 'refused' ? toRefusal(progress.message, prompter.refused) : cutOff
    const value = status === 'completed' ? await readValue() : undefined
    await end({ status, error })
    return toResult(status, error?.message, value)
  } catch (thrown) {
    let error = thrown
    let status = over(statusOf(error, signal, budget?.cutOff))
    if (!isTold) {
      await tell(status ?? 'failed', error).catch((failure) => {
        if (status) error = failure
        status = undefined
      })
    }
    const facts = factsOfEnd(error, signal)
    try {
      await end({ status: status ?? 'failed', error: facts })
    } catch (failure) {
      settings.unended.status = status ?? 'failed'
      // The session is lost, or its disk is full: that is what its user has to know.
      if (status) throw failure
    }
    if (!status) throw error
    return toResult(status, facts.message)
  }
}

const cutOffNotice =
  '[A notice, not from the user] Your last message was cut off where it ends, as it could not cost more. It can now: go on from there.'

/** A hook that never has enough is not asked for ever. */
const mostGoOns = 10

function textOf(message: Message | undefined): string {
  return message ? messageText(message) : ''
}
