import { BudgetExceededError, type Client, costOf, type Message, type MessageParam } from '@enjamb/core'
import { CompactionError } from '../../errors/compaction-error.ts'
import type { HookRunner } from '../../hooks/create-hooks.ts'
import type { BeforeCompactSubject } from '../../hooks/hooks.ts'
import type { Journal } from '../../journal/journal.ts'
import { createTally } from '../../tally.ts'
import type { CompactionOptions, ContextOptions } from '../context-options.ts'
import { withinLimits } from '../prepare-requests.ts'
import { type Compacted, compact } from './compact.ts'
import { isOverflow } from './is-overflow.ts'
import { needsCompaction } from './needs-compaction.ts'

/** What a session's history is put into summaries with. */
export interface CompactorSettings {
  sessionId: string
  hooks: HookRunner
  client: Client
  journal: Journal
  signal: AbortSignal
  cache: ContextOptions['cache']
  /** `false`: never unasked. */
  compaction: ContextOptions['compaction']
}

/** Puts the history of a session into a summary, in one turn or outside of one. What it costs is in the journal, also where it fails. */
export interface Compactor {
  /** All of it, now. */
  now(instructions?: string): Promise<Compacted>
  /**
   * All of it, where the model's window is nearly full; says whether it did so. Where that fails there is room yet, and the
   * turn goes on; it is not tried again in it.
   */
  ifFull(): Promise<boolean>
  /**
   * After an error: what stood before the turn, or all of it, where the request was too long; says whether it did so. Twice in a
   * turn at most.
   */
  makeRoom(error: unknown): Promise<boolean>
}

/** Of what is shorter nothing can be saved that would make room in the smallest of windows. */
const minChars = 20_000

function isWorthIt(messages: readonly MessageParam[]): boolean {
  return JSON.stringify(messages).length >= minChars
}

export function createCompactor({
  sessionId,
  client,
  journal,
  hooks,
  signal,
  cache,
  compaction = true,
}: CompactorSettings): Compactor {
  const { state } = journal
  const { atTokens, instructions: usual }: CompactionOptions = typeof compaction === 'object' ? compaction : {}
  let hasFailed = false
  let hasRoom = { before: false, all: false }

  async function run(trigger: BeforeCompactSubject['trigger'], count: number, upTo: number, wish = usual) {
    const { messages } = withinLimits({ model: state.frozen.model, messages: state.messages.slice(0, count) })
    const context = { sessionId, signal }
    const { instructions, refuse } = await hooks.beforeCompact({ trigger, messages, instructions: wish }, context)
    if (refuse !== undefined) throw new CompactionError(`A hook kept the history as it is: ${refuse}`)
    const spent = createTally()
    const onReply = (reply: Message) => spent.add({ usage: reply.usage, cost: costOf(reply.model, reply.usage, reply) })
    try {
      const made = await compact(client, state.frozen, messages, { cache, signal, instructions, onReply })
      const reminders = await hooks.contexts('afterCompact', { trigger, summary: made.summary }, context)
      const compacted = { ...made, summary: [made.summary, ...reminders].join('\n\n') }
      await journal.append({ type: 'compaction', upTo, ...compacted })
      return compacted
    } catch (error) {
      const { usage, cost } = spent
      const { model } = state.frozen
      if (usage) await journal.append({ type: 'spent', id: 'compaction', model, usage, cost })
      throw error
    }
  }

  const all = (trigger: BeforeCompactSubject['trigger'], instructions?: string): Promise<Compacted> =>
    run(trigger, state.messages.length, state.lastSeq, instructions)

  return {
    now: (instructions) => all('manual', instructions),
    async ifFull() {
      const { filled: tokens, base } = state
      const { model, max_tokens: maxTokens } = state.frozen
      if (!compaction || hasFailed || !needsCompaction({ model, maxTokens, tokens, base, atTokens })) return false
      try {
        await all('auto')
        return true
      } catch (error) {
        if (!(error instanceof CompactionError || error instanceof BudgetExceededError)) throw error
        client.logger?.warn?.(error.message)
        hasFailed = true
        return false
      }
    },
    async makeRoom(error) {
      const { turn, turnStarts, messages } = state
      if (!compaction || !turn || !isOverflow(error)) return false
      const before = turnStarts.at(-1)?.length ?? 0
      if (isWorthIt(messages.slice(0, before)) && !hasRoom.before) {
        hasRoom = { ...hasRoom, before: true }
        await run('overflow', before, turn.seq - 1)
        return true
      }
      // A prompt that is too long by itself is not to be put into other words.
      const own = messages.slice(before)
      if (hasRoom.all || !own.some(({ role }) => role === 'assistant') || !isWorthIt(own)) return false
      hasRoom = { ...hasRoom, all: true }
      await all('overflow')
      return true
    },
  }
}
