import {
  type APIError,
  ConnectionError,
  type Message,
  type MessageParams,
  type RequestOptions,
  type StreamEvent,
} from '@enjamb/core'
import { streamMessage } from '@enjamb/stream'
import { toToolTable } from '../../call/tool-table.ts'
import { openCalls, toolUses } from '../history.ts'
import { type RunState, untilAborted } from '../run-state.ts'
import type { ToolRunEvent } from '../tool-run-event.ts'
import { closeTurn } from './close-turn.ts'
import { createMailbox } from './mailbox.ts'
import { readCalls } from './read-calls.ts'
import { replaceRefused } from './replace-refused.ts'
import { createTurnCalls } from './turn-calls.ts'

type Request = [params: MessageParams, options: RequestOptions]
type Item = ToolRunEvent | { type?: never; step: IteratorResult<StreamEvent, void> } | { type?: never; error: unknown }

/** One request and the calls that its reply asks for; says whether another turn is due. */
export async function* runTurn(run: RunState): AsyncGenerator<ToolRunEvent, boolean> {
  const { client, params, options, signal } = run
  const turn = ++run.turns
  const mailbox = createMailbox<Item>()
  const calls = createTurnCalls(run, turn, mailbox.push)
  const whole = new Set<number>()
  let message: Message | undefined
  let failed: { error: unknown } | undefined
  let reading = true

  yield { type: 'turn_start', turn }
  const { tools, ...rest } = params
  const { definitions } = toToolTable(tools)
  const { thread } = options
  const request: Request = [
    { ...rest, messages: run.messages, ...(definitions.length && { tools: definitions }) },
    { ...options, signal },
  ]
  const stream = (options.ask ?? streamMessage)(client, ...(thread?.toRequest(...request) ?? request))
  const events = stream[Symbol.asyncIterator]()
  const pull = () =>
    events.next().then(
      (step) => mailbox.push({ step }),
      (error) => mailbox.push({ error }),
    )
  pull()
  while (reading || calls.pending || mailbox.items.length) {
    const item = await mailbox.take()
    if (item.type) yield item
    else if ('error' in item) {
      failed = item
      calls.halted = true
      calls.begin()
      reading = false
    } else if (item.step.done) {
      reading = false
      failed = withoutCall(message)
      // One that was cut off inside a call is not whole.
      if (!failed && (!calls.halted || message?.stop_reason === 'refusal'))
        await untilAborted(run, () => options.onReply?.({ turn, message: message! }))
      calls.begin()
    } else {
      const event = item.step.value
      message = stream.snapshot
      readCalls(event, message, whole, calls, !('fallbacks' in params))
      yield { type: 'stream', turn, event }
      pull()
    }
  }
  if (failed && !message) {
    const { error } = failed
    const mended = replaceRefused(run.messages, error)
    if (mended || thread?.recovers(error)) {
      run.turns--
      if (mended) {
        run.messages = mended
        yield { type: 'block_refused', turn, error: error as APIError }
      }
      return yield* runTurn(run)
    }
  }
  const again = closeTurn(run, { message, calls, whole, failed })
  if (message) thread?.hold(message, run.messages)
  yield { type: 'turn_end', turn, message: message! }
  return again
}

function withoutCall(message: Message | undefined): { error: unknown } | undefined {
  if (message?.stop_reason !== 'tool_use' || toolUses(message).length) return undefined
  const error = new ConnectionError('The reply ended for a tool to be used, and has no call.')
  return { error: Object.assign(error, { partial: message }) }
}

/** Makes the calls that a history still owes, so that it can be sent. */
export async function* answerOpenCalls(run: RunState): AsyncGenerator<ToolRunEvent, void> {
  const open = openCalls(run.messages)
  const mailbox = createMailbox<ToolRunEvent>()
  const calls = createTurnCalls(run, 0, mailbox.push)
  for (const call of open) calls.ask(call)
  calls.begin()
  while (calls.pending || mailbox.items.length) yield await mailbox.take()
  calls.answer(open)
}
