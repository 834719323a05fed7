import type { MessageParam, ToolResultBlockParam, ToolUseBlock } from '@enjamb/core'
import { resultBlock } from '../../call/tool-result.ts'
import { toToolTable } from '../../call/tool-table.ts'
import type { Tool } from '../../define/tool.ts'
import { withdrawnTools } from '../history.ts'
import type { AroundCall } from '../run-options.ts'
import { type RunState, spend, untilAborted } from '../run-state.ts'
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
  /** The results of these, once none is pending, in one user message. */
  answer(calls: ToolUseBlock[]): MessageParam
}

export function createTurnCalls(run: RunState, turn: number, emit: (event: ToolRunEvent) => void): TurnCalls {
  const { client, signal, options } = run
  const { concurrency = 10, aroundCall = plainly, permission = plainly } = options
  const table = toToolTable(run.params.tools)
  const withdrawn = withdrawnTools(run.messages)
  const results = new Map<string, ToolResultBlockParam | undefined>()
  const enqueue = createCallQueue(concurrency)

  const make = async (call: ToolUseBlock, tool: Tool | undefined): Promise<ToolResultBlockParam> => {
    const { id, name } = call
    // A signal of its own, as Node warns of a leak where more than ten listen to one.
    const controller = new AbortController()
    run.aborted.then(() => controller.abort(signal.reason))
    const context = { signal: controller.signal, turn, tool }
    let text = 'Interrupted before it started: nothing was run.'
    const isOver = () => calls.halted || signal.aborted
    const interrupted = () => resultBlock(call, text, true)
    const work: Parameters<AroundCall>[1] = async (checked) => {
      if (isOver()) return interrupted()
      if (withdrawn.has(name)) return resultBlock(call, `There is no tool "${name}" any more.`, true)
      text = tool?.readOnly ? 'Interrupted.' : 'Interrupted; it may have had effects.'
      return table.call(checked && !checked.issues ? { ...call, input: checked.value } : call, {
        ...context,
        checked,
        logger: client.logger,
        onProgress: (data) => emit({ type: 'tool_progress', turn, id, name, data }),
        onSpend: (reply) => spend(run, reply),
      })
    }
    const ask = async () => permission(call, work, context)
    const made = !isOver() && (await untilAborted(run, () => aroundCall(call, ask, context)))
    // A result that is remembered may be that of another call.
    return { ...(made || interrupted()), tool_use_id: id }
  }

  const calls: TurnCalls = {
    pending: 0,
    halted: false,
    ask(call) {
      if (results.has(call.id)) return
      // Some gateways count from 1 in each reply. What a ledger remembers, or a history holds, is of one call alone.
      while (turn && run.seen.has(call.id)) call.id += `_${turn}`
      run.seen.add(call.id)
      const { id, name, input } = call
      results.set(id, undefined)
      calls.pending++
      emit({ type: 'tool_call', turn, id, name, input })
      const tool = withdrawn.has(name) ? undefined : table.get(name)
      const order = !tool || tool.independent ? 'free' : tool.readOnly ? 'read' : 'write'
      enqueue(order, async () => {
        const start = performance.now()
        const block = await make(call, tool)
        const ms = performance.now() - start
        const record = { id, name, input, result: block.content, isError: !!block.is_error, ms }
        calls.pending--
        results.set(id, block)
        run.calls = [...run.calls, record]
        emit({ type: 'tool_result', turn, ...record })
      })
    },
    has: (id) => results.has(id),
    answer: (asked) => ({ role: 'user', content: asked.map(({ id }) => results.get(id)!) }),
  }
  return calls
}

const plainly: AroundCall = (_, make) => make()
