import { costOf, type Message, type MessageParam } from '@enjamb/core'
import type { RunOptions, ToolCallRecord, ToolRun, ToolRunEvent } from '@enjamb/tools'
import type { Compactor } from '../../context/compaction/create-compactor.ts'
import type { CheckpointEntry, EntryBody } from '../../journal/entry.ts'
import { recordChange } from '../../rewind/record-change.ts'
import type { Prompter } from '../create-prompter.ts'
import type { TurnSettings } from '../turn-settings.ts'
import { aroundCalls } from './around-call.ts'
import { askWhole } from './ask-whole.ts'
import { toPieces } from './to-pieces.ts'

/** What a turn has come to so far. */
export interface Progress {
  /** The last reply, as far as it came. */
  message: Message | undefined
  /** How many replies it took. */
  requests: number
  calls: ToolCallRecord[]
}

/**
 * Makes runs of the loop over the API, with the journal as their ledger; the history may owe results, then they come first.
 *
 * @param turn is kept up
 */
export function createLoop(
  settings: TurnSettings,
  turn: Progress,
  { takePrompts, takeNotices, takeContexts }: Prompter,
  compactor: Compactor,
): () => Promise<ToolRun> {
  const { journal, store, tools, client, signal, team, budget } = settings
  const { state } = journal
  const { aroundCall, ended } = aroundCalls(settings)
  const changes = {
    blobs: store.blobs,
    known: (path: string) => state.checkpoints.get(path),
    append: (entry: CheckpointEntry) => journal.append(entry),
  }
  const shown = new Set<string>()
  let writes: Promise<unknown>[] = []
  let replying: Promise<void> | undefined

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

  /** Shows a call, once: when the model has written it, and in any case before it begins. */
  function show({ id, name, input }: { id: string; name: string; input: unknown }): void {
    if (shown.has(id)) return
    shown.add(id)
    settings.emit({ type: 'tool_call', id, name, input, at: now() })
  }

  async function writeReply(whole: Message): Promise<void> {
    await journal.append({ type: 'reply', message: whole, cost: costOf(whole.model, whole.usage, whole) })
    turn.message = whole
  }

  /** Writes down what had come of a reply when it broke off. */
  async function keepPart(run: ToolRun, before: readonly MessageParam[]): Promise<void> {
    const message = run.message!
    turn.message = message
    const { usage } = message
    const kept = run.messages.find(
      (sent, index) => index >= before.length - 1 && sent !== before[index] && sent.role === 'assistant',
    )
    const content = (kept?.content as Message['content'] | undefined) ?? message.content
    const why = signal.aborted ? 'interrupted' : 'broken off'
    const cost = costOf(message.model, usage, message)
    await journal.append({ type: 'part', message: { ...message, content }, cost, why, kept: !!kept }).catch(() => {})
  }

  async function run(): Promise<ToolRun> {
    let late = state.late
    let before: readonly MessageParam[] = state.messages
    const toPiece = toPieces()
    const onEvent = (event: ToolRunEvent) => {
      if (event.type === 'tool_result') {
        const { call, entry } = ended(event)
        turn.calls.push(call)
        if (entry) write(entry)
      } else if (event.type === 'block_refused') {
        // What follows from the first, the state knows by itself.
        const index = run.messages.findIndex((sent, n) => sent !== before[n])
        write({ type: 'mend', index, message: run.messages[index]!, why: event.error.message })
        before = run.messages
      } else if (event.type === 'tool_call') show(event)
      else if (event.type === 'tool_progress') {
        const { turn: _, ...rest } = event
        settings.emit({ ...rest, at: now() })
      } else if (event.type === 'stream') {
        const piece = toPiece(event.event)
        if (!piece) return
        settings.emit({ ...piece, at: now() })
        // Given back, as it may be a promise.
        return piece.type === 'text' ? settings.onText?.(piece.text) : undefined
      }
    }
    const options: RunOptions = {
      signal,
      maxTurns: settings.maxTurns - turn.requests,
      aroundCall(call, ...rest) {
        show(call)
        return aroundCall(call, ...rest)
      },
      onEvent,
      onCheckpoint: (change) => recordChange(changes, change),
      budget,
      ...(settings.stream === false && askWhole(state.frozen, client)),
      thread: settings.thread,
      async onReply({ message: whole }) {
        turn.requests++
        replying = writeReply(whole)
        await replying
      },
      onSpend({ model, usage }, { id }) {
        write({ type: 'spent', id, model, usage, cost: costOf(model, usage) })
      },
      async beforeTurn({ messages: sent }) {
        await written()
        // Not in the middle of a prompt: that was looked at before it came.
        const isShorter = !!state.turn?.reply && (await compactor.ifFull())
        const messages = isShorter ? [...state.messages] : [...sent, ...late]
        takeNotices()
        const steered = [...messages, ...(await takePrompts(true))]
        late = []
        const all = [...steered, ...(await takeContexts(turn.requests + 1, steered))]
        before = all
        return all.length > sent.length || isShorter ? { messages: all } : undefined
      },
    }
    const { tools: _, ...params } = state.frozen
    const run = tools.run(client, { ...params, messages: [...state.messages] }, options)
    try {
      await run.final()
    } catch (error) {
      team?.halt(error)
      throw error
    } finally {
      await team?.rested()
      // The tools' last words are not waited for elsewhere.
      await written().catch(() => {})
      // An interruption does not wait for it; what is written is no part.
      await replying?.catch(() => {})
      if (run.message && run.message !== turn.message) await keepPart(run, before)
    }
    return run
  }

  return run
}

let told = { ms: 0, at: '' }

/** Made once a millisecond, as pieces of text come in much faster. */
function now(): string {
  const ms = Date.now()
  if (ms !== told.ms) told = { ms, at: new Date(ms).toISOString() }
  return told.at
}
