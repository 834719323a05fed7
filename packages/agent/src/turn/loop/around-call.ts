import type { ToolResultBlockParam, ToolUseBlock } from '@enjamb/core'
import {
  type AroundCall,
  type Deferred,
  refusalText,
  resultBlock,
  type Tool,
  type ToolCallRecord,
  type ToolRunEvent,
} from '@enjamb/tools'
import type { KeepResult } from '../../context/results/keep-long-results.ts'
import type { HookRunner } from '../../hooks/create-hooks.ts'
import type { BeforeToolAnswer } from '../../hooks/hooks.ts'
import { blobId } from '../../journal/blob-id.ts'
import type { EntryBody, PendingEntry, ResultEntry } from '../../journal/entry.ts'
import { unfinished } from '../../journal/fold.ts'
import type { Journal } from '../../journal/journal.ts'
import type { Team } from '../../subagents/team.ts'

/** What decides about calls in a session. */
export interface CallSettings {
  sessionId: string
  journal: Journal
  permission: AroundCall | undefined
  hooks: HookRunner
  keepResult: KeepResult
  team?: Pick<Team, 'waitingBelow'> | undefined
  /** Comes before each call that may change something. */
  beforeEffect?: (() => Promise<void>) | undefined
}

export interface LedgerOfCalls {
  aroundCall: AroundCall
  /**
   * What a call has come to, and what is still to be written of it: the loop did not wait for it, or not begin it. Of one that the
   * history owed it knows nothing then, which may have been made, begun or decided about before.
   */
  ended(event: ResultEvent): { call: ToolCallRecord; entry?: EntryBody }
}

type ResultEvent = Extract<ToolRunEvent, { type: 'tool_result' }>
type Answer = Pick<ResultEntry, 'content' | 'isError'>

/**
 * Stands around each call of a session: what it comes to is written down, before it begins and after it. So no call that
 * has ended is made again, and of one that has not it is known whether it may be.
 */
export function aroundCalls(settings: CallSettings): LedgerOfCalls {
  const { sessionId, journal, permission, hooks, keepResult, team, beforeEffect } = settings
  const { state } = journal
  const answered = new Set<string>()
  /** Begun by those who had the turn before. */
  const begunBefore = new Map(state.intents)

  /** What was decided that a call comes to, without being made. */
  function decided(id: string): Answer | undefined {
    const { content, allow, reason } = state.decisions.get(id) ?? { allow: true }
    if (content !== undefined) return { content, isError: !allow }
    return allow ? undefined : { content: refusalText(reason), isError: true }
  }

  async function answer(call: ToolUseBlock, content: ToolResultBlockParam['content'], isError: boolean, ms = 0) {
    answered.add(call.id)
    await journal.append({ type: 'result', id: call.id, ...(content?.length && { content }), isError, ms })
    return resultBlock(call, content, isError)
  }

  async function wait(call: ToolUseBlock, { defer, data }: Deferred, signal: AbortSignal): Promise<Deferred> {
    const kind: PendingEntry['kind'] =
      defer === 'permission' ? 'approval' : call.name === 'AskUserQuestion' ? 'question' : 'client_tool'
    const { id } = call
    // What somebody has allowed may wait for its result now.
    if (state.pending.get(id)?.kind !== kind) {
      const hash = await callHash(call)
      // The loop has not waited for it, and has said that it never began.
      if (signal.aborted) return { defer, data }
      await journal.append({ type: 'pending', id, call, hash, kind, ...(data !== undefined && { data }) })
    }
    return { defer, data }
  }

  /** What the hooks say before a call; of one whose input does not fit there is nothing to say. */
  async function askHooks(call: ToolUseBlock, tool: Tool, signal: AbortSignal): Promise<BeforeToolAnswer> {
    if (!hooks.has('beforeTool', call.name)) return {}
    const checked = await check(call, tool)
    return checked?.issues ? {} : hooks.beforeTool(call, { sessionId, signal, tool })
  }

  /** Writes down what a tool came to, as the hooks after it would have it. */
  async function told(
    call: ToolUseBlock,
    tool: Tool,
    { content, is_error: isError = false }: ToolResultBlockParam,
    ms: number,
    signal: AbortSignal,
  ): Promise<ToolResultBlockParam> {
    const { id, name, input } = call
    let shown = { output: content, isError }
    let block: ToolResultBlockParam
    try {
      shown = await hooks.afterTool({ id, name, input, ms, ...shown }, { sessionId, signal, tool })
    } finally {
      // Whatever a hook throws, the tool has run. What was not waited for has its result already.
      block = await keepResult(sessionId, call, resultBlock(call, shown.output, shown.isError))
      if (!signal.aborted) await answer(call, block.content, shown.isError, ms)
    }
    return block
  }

  const aroundCall: AroundCall = async (call, run, context) => {
    const { tool, signal } = context
    // Of calls that the history owes: what is known of others by their ids is of those in a reply that never came whole.
    const owed = context.turn === 0
    const known = owed && state.results.get(call.id)
    if (known) {
      answered.add(call.id)
      return resultBlock(call, known.content, known.isError)
    }
    const word = owed ? decided(call.id) : undefined
    if (word) return answer(call, word.content, word.isError)
    const decision = owed ? state.decisions.get(call.id) : undefined
    const begun = owed ? state.intents.get(call.id) : undefined
    // As it was begun, and as its tool is now: a journal may come from elsewhere.
    const mayRepeat = (begun?.readOnly && tool?.readOnly) || (begun?.idempotent && tool?.idempotent)
    if (begun && !mayRepeat) return answer(call, unfinished(begun).content, true)
    // Some gateways count their calls from 1 again.
    const key = begun?.key ?? `${sessionId}/${state.turn?.seq}/${call.id}`
    // What somebody decided about, or has begun, is what was shown to the hooks before.
    const isGranted = !!(decision || begun)
    const said: BeforeToolAnswer = tool && !isGranted ? await askHooks(call, tool, signal) : {}
    if (said.allow === false) return answer(call, refusalText(said.reason), true)
    const shown = begun ?? (owed ? state.pending.get(call.id) : undefined)
    const input = decision?.input ?? shown?.call.input ?? said.input
    const asked = input === undefined ? call : { ...call, input }

    let start: number | undefined
    const make: typeof run = async (given) => {
      const isPlain = asked === call && !hooks.has('afterTool', call.name)
      const checked = given ?? (isPlain ? undefined : await check(asked, tool))
      if (checked?.issues) return run(checked)
      if (tool?.run && !begun && !signal.aborted) {
        const { readOnly = false, idempotent = false } = tool
        const written = journal.append({ type: 'intent', call: asked, key, readOnly, idempotent })
        // What only reads need not wait for the disk; what it comes to is written behind it.
        if (readOnly) written.catch(() => {})
        else await written
      }
      if (!tool?.readOnly && !tool?.independent) await beforeEffect?.()
      start = performance.now()
      return run(checked, { idempotencyKey: key })
    }
    const shelve: typeof run = async () => ({ defer: 'permission', data: said.data })
    const granted = isGranted || said.defer ? 'person' : said.allow ? 'rule' : undefined
    const next = said.defer ? shelve : make
    let made = permission ? await permission(asked, next, { ...context, granted }) : await next()
    const isSettled = isGranted || (state.always.has(call.name) && !said.defer)
    if ('defer' in made && made.defer === 'permission' && isSettled) made = await make()
    if ('defer' in made) return wait(asked, made, signal)
    // The loop knows what to say of a call that it did not wait for.
    if (signal.aborted) return made
    const below = team?.waitingBelow(call.id) ?? []
    if (below.length) {
      await journal.append(...below.filter(({ id }) => !state.pending.has(id)))
      return { defer: 'tool' }
    }
    if (start === undefined || !tool?.run) return answer(call, made.content, !!made.is_error)
    return told(asked, tool, made, performance.now() - start, signal)
  }

  /** What is known of a call that the history owed, though the loop has not asked. */
  function known(id: string): Answer | undefined {
    const begun = begunBefore.get(id)
    return decided(id) ?? (begun && unfinished(begun))
  }

  function ended({ turn, type: _, ...call }: ResultEvent): ReturnType<LedgerOfCalls['ended']> {
    const { id, result, ms } = call
    if (answered.has(id)) return { call }
    const written = turn ? undefined : state.results.get(id)
    const { content = '', isError } = written ?? (turn ? undefined : known(id)) ?? { ...call, content: result }
    return {
      call: { ...call, result: content, isError },
      ...(!written && { entry: { type: 'result', id, ...(content.length && { content }), isError, ms } }),
    }
  }

  return { aroundCall, ended }
}

async function check({ input }: ToolUseBlock, tool: Tool | undefined) {
  const text: unknown = Object(input).INVALID_JSON
  if (text !== undefined) return { issues: [{ message: `is no JSON object: ${text}` }] }
  return tool?.validate(structuredClone(input))
}

/** What a decision is about: this name with this input, and nothing else. */
function callHash({ name, input }: Pick<ToolUseBlock, 'name' | 'input'>): Promise<string> {
  return blobId(new TextEncoder().encode(JSON.stringify([name, input])))
}
