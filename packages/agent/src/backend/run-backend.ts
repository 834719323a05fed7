import type { Message, MessageParam, UserMessageParam } from '@enjamb/core'
import { openCalls, type ToolCallRecord } from '@enjamb/tools'
import { unfinished } from '../journal/fold.ts'
import type { Journal } from '../journal/journal.ts'
import type { SessionStore } from '../journal/session-store.ts'
import type { Budget } from '../subagents/spend-cap.ts'
import { type AgentEvent, eventsOf } from '../turn/agent-event.ts'
import type { BackendContext } from './backend.ts'
import type { BackendSeat } from './backend-seat.ts'

/** What a turn lends to its backend. */
export interface BackendRun {
  seat: BackendSeat
  sessionId: string
  journal: Journal
  store: SessionStore
  filters: BackendContext['settings']['filters']
  cwd: string | undefined
  signal: AbortSignal
  maxTurns: number
  budget?: Budget | undefined
  stream?: boolean | undefined
  emit(event: AgentEvent): void
  onText?: ((text: string) => void) | undefined
  onReply(message: Message, isWhole: boolean): void
  onCall(call: ToolCallRecord): void
}

/** Has a backend work at what was asked last, until it has an answer. */
export async function runBackend(run: BackendRun): Promise<void> {
  const { seat, sessionId, journal, store, signal, budget, emit } = run
  const { state } = journal
  const { backend, settings } = seat
  const toEvent = eventsOf()
  // Of what was cut off: who made them may know more, and says so.
  const open = openCalls(state.messages).filter(({ id }) => !state.results.has(id))
  await journal.append(
    ...open.map(({ id }) => ({ type: 'result' as const, id, ...unfinished(state.intents.get(id)), ms: 0 })),
  )
  const { prompt, begun } = asked(state.messages.slice(state.turnStarts.at(-1)?.length ?? 0))
  if (budget && !budget.charge) seat.warn('budget')
  const maxCost = await budget?.remaining?.()
  const before = state.cost?.nanoUsd ?? 0
  const { model, max_tokens: maxTokens, output_config } = state.frozen
  const context: BackendContext = {
    sessionId,
    begun,
    signal,
    settings: { ...settings, ...(run.cwd !== undefined && { cwd: run.cwd }), model, maxTokens, filters: run.filters },
    maxTurns: run.maxTurns,
    maxCost,
    format: output_config?.format,
    logger: settings.client.logger,
    entries: () => store.read(sessionId),
    blobs: store.blobs,
    async record(...entries) {
      const first = state.lastSeq + 1
      await journal.append(...entries)
      const at = new Date().toISOString()
      return entries.flatMap((entry, n) => toEvent({ v: 1, seq: first + n, at, ...entry }) ?? [])
    },
  }
  let failure: { error: unknown } | undefined
  try {
    for await (const event of backend.run(prompt, context)) {
      if (failure) throw failure.error
      if (event.type === 'reply' || event.type === 'part') run.onReply(event.message, event.type === 'reply')
      if (event.type === 'tool_result') {
        const { type: _, seq: __, at: ___, ...call } = event
        run.onCall(call)
      }
      // Facts are told by the journal.
      if (event.seq !== undefined) continue
      const isPiece = event.type === 'text' || event.type === 'thinking'
      if (isPiece && run.stream === false) continue
      emit(event)
      if (event.type !== 'text') continue
      const said: unknown = run.onText?.(event.text)
      if (said instanceof Promise) {
        said.catch((error) => {
          failure ??= { error }
        })
      }
    }
  } finally {
    budget?.charge?.(((state.cost?.nanoUsd ?? 0) - before) / 1e9)
  }
}

/** What was asked in a turn and has no answer yet; or else all that was, and that it has been worked at. */
function asked(turn: readonly MessageParam[]): { prompt: UserMessageParam['content']; begun: boolean } {
  const last = turn.findLastIndex(({ role }) => role === 'assistant')
  const fresh = turn.slice(last + 1).filter(isPrompt)
  const prompts = fresh.length ? fresh : turn.filter(isPrompt)
  const [only, ...more] = prompts.map(({ content }) => content)
  const blocks = prompts.flatMap(({ content }) =>
    typeof content === 'string' ? [{ type: 'text' as const, text: content }] : content,
  )
  return { prompt: more.length ? blocks : (only ?? []), begun: !fresh.length }
}

function isPrompt(message: MessageParam): message is UserMessageParam {
  const { role, content } = message
  if (role !== 'user') return false
  return typeof content === 'string' || content.some(({ type }) => type !== 'tool_result')
}
