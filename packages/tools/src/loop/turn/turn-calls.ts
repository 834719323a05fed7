import type { ToolResultBlockParam, ToolUseBlock } from '@enjamb/core'
import { checkInput } from '../../call/check-input.ts'
import { resultBlock } from '../../call/tool-result.ts'
import { toToolTable } from '../../call/tool-table.ts'
import type { Tool } from '../../define/tool.ts'
import { withdrawnTools } from '../history.ts'
import type { AroundCall, Deferred } from '../run-options.ts'
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
  /** Lets calls begin that may change something: the reply is written down. */
  begin(): void
  /** Adds the results of these to the history, in one message, once none is pending; where one is deferred, it waits with all. */
  answer(calls: readonly ToolUseBlock[]): void
}

export function createTurnCalls(run: RunState, turn: number, emit: (event: ToolRunEvent) => void): TurnCalls {
  const { client, signal, options } = run
  const { concurrency = 10, aroundCall = plainly, permission = plainly, onReply } = options
  let begin = () => {}
  const replied = onReply && new Promise<void>((resolve) => (begin = resolve))
  const table = toToolTable(run.params.tools)
  const withdrawn = withdrawnTools(run.messages)
  const results = new Map<string, ToolResultBlockParam | undefined>()
  const enqueue = createCallQueue(concurrency)

  const make = async (call: ToolUseBlock, tool: Tool | undefined): Promise<ToolResultBlockParam | Deferred> => {
    const { id, name } = call
    // A signal of its own, as Node warns of a leak where more than ten listen to one.
    const controller = new AbortController()
    run.aborted.then(() => controller.abort(signal.reason))
    const context = { signal: controller.signal, turn, tool }
    let text = notStarted
    const isOver = () => calls.halted || signal.aborted
    const interrupted = () => resultBlock(call, text, true)
    const work: Parameters<AroundCall>[1] = async (checked, settings) => {
      if (isOver()) return interrupted()
      if (withdrawn.has(name)) return resultBlock(call, `There is no tool "${name}" any more.`, true)
      if (tool && !tool.run) {
        checked ??= await checkInput(tool, call.input)
        if (!checked.issues) return { defer: 'tool' }
      }
      text = tool?.readOnly ? 'Interrupted.' : 'Interrupted; it may have had effects.'
      return table.call(checked && !checked.issues ? { ...call, input: checked.value } : call, {
        ...context,
        ...settings,
        checked,
        logger: client.logger,
        budget: options.budget,
        onProgress: (data) => emit({ type: 'tool_progress', turn, id, name, data }),
        onSpend(reply) {
          spend(run, reply)
          options.onSpend?.(reply, call)
        },
        onCheckpoint: async (change) => options.onCheckpoint?.(change, call),
      })
    }
    // What a layer made of the input is what is asked about, and what runs.
    const ask: typeof work = async (given, settings) =>
      permission(
        given ? { ...call, input: (given as { value?: unknown }).value } : call,
        (checked = given) => work(checked, settings),
        context,
      )
    if (!tool?.readOnly) await Promise.race([replied, run.aborted])
    const made = !isOver() && (await untilAborted(run, () => aroundCall(call, ask, context)))
    if (!made) return interrupted()
    // A result that is remembered may be that of another call.
    return 'defer' in made ? made : { ...made, tool_use_id: id }
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
        calls.pending--
        if ('defer' in block) {
          run.deferred = [...run.deferred, call]
          return emit({ type: 'tool_deferred', turn, id, name, input })
        }
        const record = { id, name, input, result: block.content, isError: !!block.is_error, ms }
        results.set(id, block)
        run.calls = [...run.calls, record]
        emit({ type: 'tool_result', turn, ...record })
      })
    },
    has: (id) => results.has(id),
    begin,
    answer(asked) {
      // An abort takes back what waits, so that its history can be sent.
      if (signal.aborted) run.deferred = []
      if (!asked.length || run.deferred.length) return
      const content = asked.map((call) => results.get(call.id) ?? resultBlock(call, notStarted, true))
      run.messages = [...run.messages, { role: 'user', content }]
    },
  }
  return calls
}

const notStarted = 'Interrupted before it started: nothing was run.'

const plainly: AroundCall = (_, make) => make()
