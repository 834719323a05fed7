import { messageText } from '@enjamb/chat'
import {
  BudgetExceededError,
  type Client,
  costOf,
  isEnjambError,
  type Message,
  type MessageParam,
  RequestAbortedError,
} from '@enjamb/core'
import {
  type AroundCall,
  openCalls,
  type RunOptions,
  type Thread,
  type ToolRun,
  type ToolRunEvent,
  type Toolset,
  TurnLimitError,
} from '@enjamb/tools'
import { endOfReply } from '../journal/end-of-reply.ts'
import type { DecisionEntry, EntryBody, PromptEntry, TurnEntry, TurnStatus } from '../journal/entry.ts'
import type { Journal } from '../journal/journal.ts'
import type { Tally } from '../tally.ts'
import { type AgentEvent, toPending } from './agent-event.ts'
import { aroundCalls } from './around-call.ts'
import type { TurnResult } from './turn-result.ts'

/** What a turn works with. */
export interface TurnSettings {
  sessionId: string
  client: Client
  tools: Toolset
  maxTurns: number
  permission: AroundCall | undefined
  journal: Journal
  /** Prompts that wait for the next safe place; whatever is put in while the turn lasts is taken. */
  prompts: PromptEntry[]
  /** What was decided about calls that waited. */
  decisions: readonly DecisionEntry[]
  /** Is called when no further prompt or decision is taken up. */
  close(): void
  /** How a turn ended whose end could not be written. */
  unended: { status?: TurnStatus | undefined }
  /** Ends the turn. */
  signal: AbortSignal
  budget?: RunOptions['budget']
  onText?: ((text: string) => void) | undefined
  /** Gets what is shown as it comes; facts come from the journal. */
  emit(event: AgentEvent): void
  /** What the entries of this turn add up to. */
  tally: Tally
  beforeTurn?: RunOptions['beforeTurn']
  thread: Thread
}

/**
 * Makes a turn to its end, with the journal as its ledger: what is sent is what the journal comes to, and everything that
 * happens is written there before anything else follows from it.
 */
export async function runTurn(settings: TurnSettings): Promise<TurnResult> {
  const { journal, tools, client, sessionId, permission, signal, prompts } = settings
  const { state } = journal
  const began = performance.now()
  const { aroundCall, answered } = aroundCalls({ sessionId, journal, permission })
  const shown = new Set<string>()
  const calls: TurnResult['calls'][number][] = []
  let writes: Promise<unknown>[] = []
  let message: Message | undefined
  let requests = 0

  /** Writes what nobody waits for now; {@link written} does. */
  function write(...entries: EntryBody[]): void {
    const write = journal.append(...entries)
    write.catch(() => {})
    writes.push(write)
  }

  async function written(): Promise<void> {
    const all = writes
    writes = []
    await Promise.all(all)
  }

  async function takePrompts(): Promise<MessageParam[]> {
    const taken = prompts.splice(0)
    await journal.append(...taken)
    return taken.map(({ content }) => ({ role: 'user', content }))
  }

  /** Shows a call, once: when the model has written it, and in any case before it begins. */
  function show({ id, name, input }: { id: string; name: string; input: unknown }): void {
    if (shown.has(id)) return
    shown.add(id)
    settings.emit({ type: 'tool_call', id, name, input, at: now() })
  }

  /** One run of the loop; the history may owe results, then they come first. */
  async function run(): Promise<ToolRun> {
    let late = state.late
    let before: readonly MessageParam[] = state.messages
    const onEvent = (event: ToolRunEvent) => {
      if (event.type === 'tool_result') {
        const { turn: _, ...call } = event
        calls.push(call)
        const { id, result, isError, ms } = call
        // Of a call that was not waited for, or not begun.
        if (!answered.has(id)) write({ type: 'result', id, ...(result?.length && { content: result }), isError, ms })
      } else if (event.type === 'block_refused') {
        // What follows from the first, the state knows by itself.
        const index = run.messages.findIndex((sent, n) => sent !== before[n])
        write({ type: 'mend', index, message: run.messages[index]!, why: event.error.message })
        before = run.messages
      } else if (event.type === 'tool_call') show(event)
      else if (event.type === 'tool_progress') {
        const { turn: _, ...rest } = event
        settings.emit({ ...rest, at: now() })
      } else if (event.type === 'stream' && event.event.type === 'content_block_delta') {
        const { delta } = event.event
        if (delta.type === 'thinking_delta') settings.emit({ type: 'thinking', text: delta.thinking, at: now() })
        if (delta.type !== 'text_delta') return
        settings.emit({ type: 'text', text: delta.text, at: now() })
        // Given back, as it may be a promise.
        return settings.onText?.(delta.text)
      }
    }
    const options: RunOptions = {
      signal,
      maxTurns: settings.maxTurns - requests,
      aroundCall(call, ...rest) {
        show(call)
        return aroundCall(call, ...rest)
      },
      onEvent,
      budget: settings.budget,
      thread: settings.thread,
      async onReply({ message: whole }) {
        requests++
        await journal.append({ type: 'reply', message: whole, cost: costOf(whole.model, whole.usage, whole) })
        message = whole
      },
      onSpend({ model, usage }, { id }) {
        write({ type: 'spent', id, model, usage, cost: costOf(model, usage) })
      },
      async beforeTurn({ turn, messages }) {
        await written()
        const steered = [...late, ...(await takePrompts())]
        late = []
        const all = steered.length ? [...messages, ...steered] : messages
        const changes = await settings.beforeTurn?.({ turn, messages: all })
        before = changes?.messages ?? all
        return { ...(steered.length && { messages: all }), ...changes }
      },
    }
    const { tools: _, ...params } = state.frozen
    const run = tools.run(client, { ...params, messages: [...state.messages] }, options)
    try {
      await run.final()
    } finally {
      // The tools' last words are not waited for elsewhere.
      await written().catch(() => {})
      if (run.message && run.message !== message) await keepPart(run, before)
    }
    return run
  }

  /** Writes down what had come of a reply when it broke off. */
  async function keepPart(run: ToolRun, before: readonly MessageParam[]): Promise<void> {
    message = run.message!
    const { usage } = message
    const kept = run.messages.find(
      (sent, index) => index >= before.length - 1 && sent !== before[index] && sent.role === 'assistant',
    )
    const content = (kept?.content as Message['content'] | undefined) ?? message.content
    const why = signal.aborted ? 'interrupted' : 'broken off'
    const cost = costOf(message.model, usage, message)
    await journal.append({ type: 'part', message: { ...message, content }, cost, why, kept: !!kept }).catch(() => {})
  }

  async function end({ status, error }: Omit<TurnEntry, 'type'>): Promise<void> {
    await journal.append({ type: 'turn', status, ...(error && { error }) })
  }

  function toResult(status: TurnResult['status']): TurnResult {
    const { usage, cost } = settings.tally
    return {
      status,
      text: message ? messageText(message) : '',
      message,
      pending:
        status === 'waiting'
          ? [...state.pending.values()].filter(({ id }) => !state.decisions.has(id)).map(toPending)
          : [],
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
    if (!prompts.length || !turn || turn.status) return
    const status = settings.unended.status ?? (turn.reply && endOfReply(turn.reply))
    if (status) await end({ status })
  }

  async function work(): Promise<TurnResult['status']> {
    await endLast()
    settings.unended.status = undefined
    await journal.append(...settings.decisions)
    for (;;) {
      const { reply } = state.turn ?? {}
      const ended = reply && endOfReply(reply)
      const owes = openCalls(state.messages).length > 0
      if (ended === 'refused' || (ended && !owes && !prompts.length)) return over(ended)
      if (!owes) await takePrompts()
      if (requests >= settings.maxTurns) return over('turn_limit')
      const { deferred } = await run()
      if (deferred.length) {
        // They stand behind the results, whoever gets those.
        while (prompts.length) await takePrompts()
        // Somebody may have decided while the others were at work.
        if (deferred.some(({ id }) => !state.decisions.has(id))) return over('waiting')
      }
    }
  }

  /** At once, so that nothing comes between what was found and this. */
  function over<Status>(status: Status): Status {
    settings.close()
    return status
  }

  try {
    const status = await work()
    await end({ status })
    return toResult(status)
  } catch (error) {
    const status = over(statusOf(error, signal))
    try {
      await end({ status: status ?? 'failed', error: toErrorFacts(error) })
    } catch (failure) {
      settings.unended.status = status ?? 'failed'
      // The session is lost, or its disk is full: that is what its user has to know.
      if (status) throw failure
    }
    if (!status) throw error
    return toResult(status)
  }
}

function now(): string {
  return new Date().toISOString()
}

/** What an error means for a turn that ends with it; nothing where it has failed. */
function statusOf(error: unknown, signal: AbortSignal): TurnResult['status'] | undefined {
  if (error instanceof TurnLimitError) return 'turn_limit'
  if (error instanceof BudgetExceededError) return 'over_budget'
  return signal.aborted && error instanceof RequestAbortedError ? 'interrupted' : undefined
}

function toErrorFacts(error: unknown): NonNullable<TurnEntry['error']> {
  const { name = 'Error', message = String(error) } = Object(error)
  return { name, message, ...(isEnjambError(error) && { code: error.code }) }
}
