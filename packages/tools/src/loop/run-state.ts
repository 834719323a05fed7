import {
  addUsage,
  type BilledReply,
  type Client,
  type Cost,
  type Message,
  type MessageParam,
  sumCosts,
  type ToolUseBlock,
  type Usage,
  withOptions,
} from '@enjamb/core'
import { toToolTable } from '../call/tool-table.ts'
import { closePauses, toolUses } from './history.ts'
import type { RunOptions, RunParams } from './run-options.ts'
import type { ToolCallRecord } from './tool-run-event.ts'

/** What a run knows; the loop alone writes it, `messages` and `calls` by putting new arrays in their places. */
export interface RunState {
  readonly client: Client
  readonly params: RunParams
  readonly options: RunOptions
  readonly signal: AbortSignal
  readonly aborted: Promise<void>
  /** The ids of all calls so far, those in the history that was given included. */
  readonly seen: Set<string>
  abort(reason: unknown): void
  /** What ended the run from inside. */
  error?: unknown
  message?: Message | undefined
  messages: MessageParam[]
  usage?: Usage | undefined
  cost?: Cost | undefined
  turns: number
  calls: readonly ToolCallRecord[]
  deferred: readonly ToolUseBlock[]
}

/** @throws {ConfigError} the tool list is not usable */
export function createRunState(
  client: Client,
  params: RunParams,
  options: RunOptions,
  signal: AbortSignal,
  abort: RunState['abort'],
): RunState {
  const { budget } = options
  const messages = closePauses(params.messages)
  return {
    client: budget ? withOptions(client, { middleware: [...client.middleware, budget.middleware] }) : client,
    params: { ...params, tools: toToolTable(params.tools) },
    options,
    signal,
    aborted: new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
    abort,
    messages,
    seen: new Set(messages.flatMap(toolUses).map(({ id }) => id)),
    turns: 0,
    calls: [],
    deferred: [],
  }
}

/** Adds a reply to what the run has used. */
export function spend(run: RunState, reply: Pick<Message, 'model' | 'usage'> & BilledReply): void {
  const isFirst = !run.usage
  run.usage = addUsage(run.usage, reply.usage)
  const cost = run.options.costOf?.(reply.model, reply.usage, reply)
  run.cost = isFirst ? cost : sumCosts([run.cost, cost])
}

/** What a callback gives; nothing where it throws, which ends the run, or where the run is aborted first. */
export async function untilAborted<T>(run: RunState, callback: () => T): Promise<Awaited<T> | undefined> {
  return (await Promise.race([orFail(run, callback), run.aborted])) ?? undefined
}

/** What a callback gives; nothing where it throws, which ends the run. */
export async function orFail<T>(run: RunState, callback: () => T): Promise<Awaited<T> | undefined> {
  try {
    return await callback()
  } catch (error) {
    // What fails because the run was aborted is no reason of its own.
    if (!run.signal.aborted) {
      run.error = error
      run.abort(error)
    }
    return undefined
  }
}
