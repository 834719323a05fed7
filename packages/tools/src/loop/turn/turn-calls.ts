import type { MessageParam, ToolResultBlockParam, ToolUseBlock } from '@enjamb/core'
import { resultBlock } from '../../call/tool-result.ts'
import { toToolTable } from '../../call/tool-table.ts'
import type { ToolContext } from '../../define/tool.ts'
import type { AroundCall } from '../run-options.ts'
import { type CallOutcome, type RunState, spend, untilAborted } from '../run-state.ts'
import type { ToolRunEvent } from '../tool-run-event.ts'
import { createCallQueue } from './call-queue.ts'

/** The calls of one turn. */
export interface TurnCalls {
  /** Events that are still to come. */
  pending: number
  /** What is not at work by now never will be. */
  halted: boolean
  /** Starts a call, or lets it wait for those before it. Asking twice is asking once. */
  ask(call: ToolUseBlock): void
  has(id: string): boolean
  /** The results of all of them, once none is pending, in one user message. */
  answer(): MessageParam
}

export function createTurnCalls(run: RunState, turn: number, emit: (event: ToolRunEvent) => void): TurnCalls {
  const { client, signal, options } = run
  const { concurrency = 10, aroundCall = plainly, permission = plainly } = options
  const table = toToolTable(run.params.tools)
  const results = new Map<string, ToolResultBlockParam | undefined>()
  const enqueue = createCallQueue(concurrency)

  const make = async (call: ToolUseBlock): Promise<CallOutcome> => {
    const { id, name } = call
    const start = performance.now()
    // A signal of its own, as Node warns of a leak where more than ten listen to one.
    const controller = new AbortController()
    run.aborted.then(() => controller.abort(signal.reason))
    const tool = table.get(name)
    const context = { signal: controller.signal, turn, tool }
    let text = 'Interrupted before it started: nothing was run.'
    const interrupted = () => resultBlock(call, text, true)
    const onProgress = (data: unknown) => emit({ type: 'tool_progress', turn, id, name, data })
    const onSpend: ToolContext['spend'] = (reply) => spend(run, reply)
    const work: Parameters<AroundCall>[1] = async (checked) => {
      if (calls.halted || signal.aborted) return interrupted()
      text = tool?.readOnly ? 'Interrupted.' : 'Interrupted; it may have had effects.'
      const made = checked && !checked.issues ? { ...call, input: checked.value } : call
      return table.call(made, { ...context, checked, logger: client.logger, onProgress, onSpend })
    }
    const ask = async () => permission(call, work, context)
    const block = !calls.halted && !signal.aborted && (await untilAborted(run, () => aroundCall(call, ask, context)))
    // A result that is remembered may be that of another call.
    return { block: { ...(block || interrupted()), tool_use_id: id }, ms: performance.now() - start }
  }

  const calls: TurnCalls = {
    pending: 0,
    halted: false,
    ask(call) {
      const { id, name, input } = call
      if (results.has(id)) return
      results.set(id, undefined)
      calls.pending++
      emit({ type: 'tool_call', turn, id, name, input })
      const tool = table.get(name)
      const known = run.made.get(id)
      const order = !tool || tool.independent ? 'free' : tool.readOnly ? 'read' : 'write'
      const outcome = known ?? enqueue(order, () => make(call))
      run.made.set(id, outcome)
      outcome.then(({ block, ms }) => {
        const record = { id, name, input, result: block.content, isError: !!block.is_error, ms }
        calls.pending--
        results.set(id, block)
        if (!known) run.calls = [...run.calls, record]
        emit({ type: 'tool_result', turn, ...record })
      })
    },
    has: (id) => results.has(id),
    answer: () => ({ role: 'user', content: [...results.values()] as ToolResultBlockParam[] }),
  }
  return calls
}

const plainly: AroundCall = (_, make) => make()
