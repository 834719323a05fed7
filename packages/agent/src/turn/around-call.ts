import type { ToolResultBlockParam, ToolUseBlock } from '@enjamb/core'
import type { AroundCall, Deferred } from '@enjamb/tools'
import { blobId } from '../journal/blob-id.ts'
import type { PendingEntry } from '../journal/entry.ts'
import { toResultBlock, unfinished } from '../journal/fold.ts'
import type { Journal } from '../journal/journal.ts'

/** What decides about calls in a session. */
export interface CallSettings {
  sessionId: string
  journal: Journal
  permission: AroundCall | undefined
}

export interface LedgerOfCalls {
  aroundCall: AroundCall
  /** Calls whose result is written down, or is being so. */
  answered: ReadonlySet<string>
}

/**
 * Stands around each call of a session: what it comes to is written down, before it begins and after it. So no call that
 * has ended is made again, and of one that has not it is known whether it may be.
 */
export function aroundCalls({ sessionId, journal, permission }: CallSettings): LedgerOfCalls {
  const { state } = journal
  const answered = new Set<string>()

  async function answer(call: ToolUseBlock, content: ToolResultBlockParam['content'], isError: boolean, ms = 0) {
    answered.add(call.id)
    await journal.append({ type: 'result', id: call.id, ...(content?.length && { content }), isError, ms })
    return toResultBlock(call, { content, isError })
  }

  async function wait(call: ToolUseBlock, { defer, data }: Deferred): Promise<Deferred> {
    const kind: PendingEntry['kind'] =
      defer === 'permission' ? 'approval' : call.name === 'AskUserQuestion' ? 'question' : 'client_tool'
    const { id } = call
    // What somebody has allowed may wait for its result now.
    if (state.pending.get(id)?.kind !== kind) {
      const hash = await callHash(call)
      await journal.append({ type: 'pending', id, call, hash, kind, ...(data !== undefined && { data }) })
    }
    return { defer, data }
  }

  const aroundCall: AroundCall = async (call, run, context) => {
    const { tool, signal } = context
    // Of calls that the history owes: what is known of others by their ids is of those in a reply that never came whole.
    const owed = context.turn === 0
    const known = owed && state.results.get(call.id)
    if (known) return toResultBlock(call, known)
    const decision = owed ? state.decisions.get(call.id) : undefined
    if (decision?.content !== undefined) return answer(call, decision.content, !decision.allow)
    if (decision && !decision.allow) return answer(call, refusal(decision.reason), true)

    const begun = owed ? state.intents.get(call.id) : undefined
    if (begun && !begun.readOnly && !begun.idempotent) return answer(call, unfinished(begun).content, true)
    // Some gateways count their calls from 1 again.
    const key = `${sessionId}/${state.turn?.seq}/${call.id}`
    let start: number | undefined
    const make: typeof run = async (checked) => {
      if (tool?.run && !begun) {
        const { readOnly = false, idempotent = false } = tool
        const written = journal.append({ type: 'intent', call, key, readOnly, idempotent })
        // What only reads need not wait for the disk; what it comes to is written behind it.
        if (readOnly) written.catch(() => {})
        else await written
      }
      start = performance.now()
      return run(checked, { idempotencyKey: key })
    }
    const decided = async () => make(decision?.input === undefined ? undefined : await tool?.validate(decision.input))
    let made = decision || !permission ? await decided() : await permission(call, make, context)
    if ('defer' in made && made.defer === 'permission' && state.always.has(call.name)) made = await make()
    if ('defer' in made) return wait(call, made)
    // The loop knows what to say of a call that it did not wait for.
    if (signal.aborted) return made
    return answer(call, made.content, !!made.is_error, start === undefined ? 0 : performance.now() - start)
  }
  return { aroundCall, answered }
}

/** What a decision is about: this name with this input, and nothing else. */
export function callHash({ name, input }: Pick<ToolUseBlock, 'name' | 'input'>): Promise<string> {
  return blobId(new TextEncoder().encode(JSON.stringify([name, input])))
}

function refusal(reason = 'the user does not want it'): string {
  return `This call was not permitted, and nothing was run: ${reason}. Do not try to reach the same in another way.`
}
