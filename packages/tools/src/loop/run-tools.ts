import type { Client } from '@enjamb/core'
import { checkRun } from '#checks'
import { closePauses } from './history.ts'
import type { RunOptions, RunParams } from './run-options.ts'
import { createRunState, orFail, type RunState, untilAborted } from './run-state.ts'
import { shareEvents } from './share-events.ts'
import type { ToolRun, ToolRunResult } from './tool-run.ts'
import type { ToolRunEvent } from './tool-run-event.ts'
import { throwIfAborted } from './turn/close-turn.ts'
import { answerOpenCalls, runTurn } from './turn/run-turn.ts'
import { TurnLimitError } from './turn-limit-error.ts'

/**
 * Lets a model use tools until it is done: streams a reply, makes the calls in it, sends the results back, and so on.
 *
 * A call starts as soon as its input is complete, while the reply still streams. Unless its tool is `independent`, it sees
 * what the calls before it did: it waits for those that may change something, and for all where it may do so itself,
 * its tool not being `readOnly`. A history that ends in unanswered calls is continued by making them.
 * A `tool_choice` that forces a call holds for the first turn and is `auto` after it.
 *
 * @throws {ConfigError} at once, for a tool list or an option that is not usable
 * @example
 * const run = runTools(client, { model: 'claude-sonnet-5-5', max_tokens: 4096, messages, tools: [weather] })
 * for await (const text of run.text()) process.stdout.write(text)
 * const { message, usage } = await run.final()
 */
export function runTools(client: Client, params: RunParams, options: RunOptions = {}): ToolRun {
  checkRun(options, params.messages)
  const controller = new AbortController()
  const run = createRunState(client, params, options, controller.signal, abort)
  const onEvent = (event: ToolRunEvent) => {
    if (options.onEvent) orFail(run, () => options.onEvent!(event))
  }
  const shared = shareEvents(loop(run), onEvent, abort)
  const { read, drain } = shared

  async function abort(reason?: unknown): Promise<void> {
    controller.abort(reason)
    // From here on nothing is waited for, so the run may as well come to its end without anyone asking.
    await drain().catch(() => {})
  }

  return {
    [Symbol.asyncIterator]: read,
    abort,
    async *text() {
      for await (const { event } of read() as AsyncIterable<{ event?: { delta?: { type?: string; text: string } } }>) {
        if (event?.delta?.type === 'text_delta') yield event.delta.text
      }
    },
    final() {
      const result = drain().then(
        () => toResult(run),
        (error) => {
          // Whoever reads in a loop gets the error there, and may never come to wait for this.
          if (shared.isRead) result.catch(() => {})
          throw error
        },
      )
      return result
    },
    get state() {
      return shared.state
    },
    get message() {
      return run.message
    },
    get messages() {
      return run.messages
    },
    get usage() {
      return run.usage
    },
    get cost() {
      return run.cost
    },
    get turns() {
      return run.turns
    },
    get calls() {
      return run.calls
    },
    get deferred() {
      return run.deferred
    },
  }
}

/** The whole run, turn by turn. */
async function* loop(run: RunState): AsyncGenerator<ToolRunEvent, void> {
  const { maxTurns = 100, signal, beforeTurn, stopWhen } = run.options
  const onAbort = () => run.abort(signal?.reason)
  if (signal?.aborted) onAbort()
  signal?.addEventListener('abort', onAbort)
  try {
    yield* answerOpenCalls(run)
    if (run.deferred.length) return
    do {
      throwIfAborted(run)
      if (!(run.turns < maxTurns)) {
        throw new TurnLimitError(`The model still asked for tools after maxTurns, ${maxTurns}.`, {
          result: toResult(run),
        })
      }
      const { messages } = run
      const changes = await untilAborted(run, () => beforeTurn?.({ turn: run.turns + 1, messages }))
      throwIfAborted(run)
      Object.assign(run.params, changes, { tools: changes?.tools ?? run.params.tools })
      if (changes?.messages) run.messages = closePauses(changes.messages)
    } while ((yield* runTurn(run)) && !(await untilAborted(run, () => stopWhen?.(toResult(run)))))
    // A listener may throw at the very last event.
    if (run.error) throw run.error
  } finally {
    signal?.removeEventListener('abort', onAbort)
  }
}

function toResult({ message, messages, usage, cost, turns, calls, deferred }: RunState): ToolRunResult {
  return { message: message!, messages, usage: usage!, cost, turns, calls, deferred }
}
