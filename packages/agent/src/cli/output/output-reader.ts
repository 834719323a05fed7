import {
  costOf,
  type Message,
  parseUsageLimit,
  type ToolResultBlockParam,
  type ToolUseBlock,
  type Usage,
} from '@enjamb/core'
import { createAccumulator } from '@enjamb/stream'
import { addUsage } from '@enjamb/tools'
import type { BackendContext } from '../../backend/backend.ts'
import type { AgentEvent } from '../../turn/agent-event.ts'
import {
  type AssistantLine,
  blocksOf,
  numberOf,
  type ProgramFailure,
  type ProgramLine,
  type ResultLine,
  type StreamLine,
  textOf,
  type UserLine,
} from './program-line.ts'
import { failureIn } from './read-failure.ts'
import { asText, isStructured } from './structured-answer.ts'

/** What a run has said of itself so far. */
export interface OutputFacts {
  /** Its first line: session, model, tools, MCP servers. */
  init?: Record<string, unknown> | undefined
  result?: ResultLine | undefined
  /** Of the last failure that it told of. */
  failure?: ProgramFailure | undefined
  /** The event of a limit that is reached. */
  limit?: unknown
  /** It has told of that failure to say that it tries again. */
  isRetrying?: boolean | undefined
  /** Something of the model's has come. */
  isAnswered: boolean
  /** The last reply that came whole. */
  reply?: Message | undefined
  /** Of these replies, by model. */
  usage: Map<string, Usage>
}

type Events = AsyncGenerator<AgentEvent, void>
type Line = ProgramLine & Record<string, unknown>

/** Makes a journal of the lines of a run. */
export interface OutputReader {
  readonly facts: OutputFacts
  /** Writes what a line says, and gives what there is to tell. */
  line(value: unknown): Events
  /** Nothing comes any more. */
  end(): Events
  /** A reply that broke off. */
  readonly part: Message | undefined
  /** Calls without a result. */
  readonly open: readonly string[]
}

/** @param hasFormat the answer comes as a call of the program's own tool for that */
export function createOutputReader(
  { record, sessionId }: Pick<BackendContext, 'record' | 'sessionId'>,
  hasFormat: boolean,
): OutputReader {
  const facts: OutputFacts = { isAnswered: false, usage: new Map() }
  /** Of calls: since when. */
  const calls = new Map<string, number>()
  const answered = new Set<string>()
  /** Of calls that give the answer: were they taken? */
  const answers = new Map<unknown, boolean>()
  let streamed: { id: string; accumulator: ReturnType<typeof createAccumulator> } | undefined
  /** Of programs that do not stream: a line a block. */
  let gathered: Message | undefined
  /** A reply with the answer in a call, until it is known whether that was taken. */
  let held: Message | undefined
  const written = new Set<string>()

  const answerIn = (message: Message) => (hasFormat ? blocksOf(message).find(isStructured) : undefined)

  async function* reply(message: Message): Events {
    if (written.has(message.id)) return
    written.add(message.id)
    const call = answerIn(message)
    if (call && !answers.has(call.id)) held = message
    else yield* writeReply(message)
  }

  async function* writeReply(message: Message): Events {
    const { model, usage } = message
    const call = answerIn(message)
    const isTaken = call && answers.get(call.id)
    facts.reply = isTaken ? asText(message) : message
    facts.failure = undefined
    facts.usage.set(model, addUsage(facts.usage.get(model), usage))
    yield* await record({ type: 'reply', message: facts.reply, cost: costOf(model, usage, message) })
    if (call && answers.has(call.id) && !isTaken) {
      yield* await record({ type: 'result', id: `${call.id}`, content: 'It does not fit.', isError: true, ms: 0 })
    }
  }

  async function* flush(): Events {
    const message = gathered
    gathered = undefined
    if (!message || written.has(message.id)) return
    const stop_reason = blocksOf(message).some(({ type }) => type === 'tool_use') ? 'tool_use' : 'end_turn'
    yield* reply({ ...message, stop_reason: message.stop_reason ?? stop_reason })
  }

  async function* onStream({ event }: StreamLine): Events {
    if (event.type === 'message_start') streamed = { id: event.message.id, accumulator: createAccumulator() }
    if (!streamed) return
    streamed.accumulator.push(event)
    if (event.type === 'content_block_delta') {
      const { delta } = event
      if (delta.type === 'text_delta') yield { type: 'text', text: delta.text, at: now() }
      if (delta.type === 'thinking_delta') yield { type: 'thinking', text: delta.thinking, at: now() }
    }
    if (event.type !== 'message_stop') return
    const { message } = streamed.accumulator
    streamed = undefined
    yield* flush()
    yield* reply(message)
  }

  async function* onAssistant(line: AssistantLine): Events {
    const { message } = line
    const failure = failureIn(line)
    if (failure) facts.failure = failure
    if (failure || message.model === '<synthetic>') return
    facts.isAnswered = true
    if (gathered && gathered.id !== message.id) yield* flush()
    if (streamed?.id !== message.id && !written.has(message.id)) {
      gathered = { ...message, content: [...(gathered?.content ?? []), ...message.content] }
      for (const block of message.content) {
        if (block.type === 'text') yield { type: 'text', text: block.text, at: now() }
      }
    }
    for (const block of message.content) if (block.type === 'tool_use') yield* begin(block)
  }

  async function* begin(call: ToolUseBlock): Events {
    const { id, name, input } = call
    if (calls.has(id) || (hasFormat && isStructured(call))) return
    calls.set(id, performance.now())
    yield { type: 'tool_call', id, name, input, at: now() }
    yield* await record({ type: 'intent', call, key: `${sessionId}/${id}`, readOnly: false, idempotent: false })
  }

  async function* onUser({ message }: UserLine): Events {
    for (const block of blocksOf(message)) {
      const text = textOf(block.text)
      if (block.type === 'tool_result') yield* onResult(block as unknown as ToolResultBlockParam)
      else if (text) {
        yield* flush()
        yield* await record({ type: 'context', content: text, by: 'claude' })
      }
    }
  }

  async function* onResult({ tool_use_id: id, content, is_error: isError = false }: ToolResultBlockParam): Events {
    const since = calls.get(id)
    if (since === undefined && hasFormat) {
      answers.set(id, !isError)
      const message = held
      held = undefined
      if (message) yield* writeReply(message)
      return
    }
    if (answered.has(id)) return
    answered.add(id)
    const ms = Math.round(performance.now() - (since ?? performance.now()))
    yield* await record({ type: 'result', id, ...(content?.length && { content }), isError, ms })
  }

  async function* onSystem(line: Line): Events {
    if (line.subtype === 'init') facts.init ??= line
    if (line.subtype === 'api_retry') {
      const kind = textOf(line.error)
      facts.failure = { kind, status: numberOf(line.error_status), type: undefined, text: '', requestId: undefined }
      facts.isRetrying = true
    }
    const told = notes[`${line.subtype}`]
    if (!told) return
    const data = Object.fromEntries(told.map((name) => [name, line[name] ?? null]))
    yield* await record({ type: 'note', name: `claude_${line.subtype}`, data })
  }

  async function* read(line: Line): Events {
    const parent = line.parent_tool_use_id
    if (parent) {
      if (line.type !== 'assistant' && line.type !== 'user') return
      yield { type: 'tool_progress', id: parent, name: 'Task', data: line.message, at: now() }
    } else if (line.type === 'system') yield* onSystem(line)
    else if (line.type === 'stream_event' && line.event) yield* onStream(line as unknown as StreamLine)
    else if (line.type === 'assistant' && line.message) yield* onAssistant(line as unknown as AssistantLine)
    else if (line.type === 'user') yield* onUser(line as unknown as UserLine)
    else if (line.type === 'rate_limit_event' && parseUsageLimit(line)) facts.limit = line
    else if (line.type === 'result') {
      facts.result = line
      yield* flush()
    }
  }

  return {
    facts,
    line: (value) => read(Object(value) as Line),
    async *end() {
      yield* flush()
      if (held) yield* writeReply(held)
      held = undefined
    },
    get part() {
      const message = streamed?.accumulator.message
      return message?.content.length ? message : undefined
    },
    get open() {
      return [...calls.keys()].filter((id) => !answered.has(id))
    },
  }
}

function now(): string {
  return new Date().toISOString()
}

/** What is kept of lines that only tell something. */
const notes: Readonly<Record<string, readonly string[]>> = {
  api_retry: ['attempt', 'max_retries', 'retry_delay_ms', 'error_status', 'error'],
  permission_denied: ['tool_name', 'tool_use_id', 'message'],
}
