import { errorFromJSON, type Message, type MessageParams, type Usage } from '@enjamb/core'
import type { ErrorFacts } from '../../journal/error-facts.ts'
import { messageEvents } from './message-events.ts'
import type { Exchange } from './recorded-exchanges.ts'

type Answer = Exclude<Exchange['answer'], { type: 'nothing' }>
type Params = MessageParams & { stream?: boolean; compaction?: unknown }

/**
 * An answer as it came: as a stream, where one was asked for.
 *
 * @throws what had happened to the request on its way
 */
export function toResponse(answer: Answer, params: Params, cues: Cues): Response {
  if (answer.type === 'error') return toErrorResponse(answer.error)
  if (answer.type === 'summary') return toResponse(toReply(answer, params), params, cues)
  const isStream = params.stream === true
  const { message } = answer
  const headers = { 'request-id': (answer.type === 'reply' && answer.requestId) || 'replayed' }
  if (!isStream) return Response.json(message, { headers })
  const body = answer.type === 'part' ? partOf(answer, cues) : wholeOf(message, cues)
  return new Response(body, { headers: { ...headers, 'content-type': 'text/event-stream' } })
}

/** When and how a reply goes on and ends. */
interface Cues {
  /** Of the request: where somebody had ended the reply, it stays open until somebody does so again. */
  signal: AbortSignal
  /** Is told when somebody is to do so, or before they throw what they had thrown at the last of its text. */
  onStall?: ((thrown?: ErrorFacts) => void) | undefined
  /** Resolves when calls have begun that had begun before its end. */
  played?: (() => Promise<void>) | undefined
}

type Events = ReturnType<typeof messageEvents> extends Generator<infer Event> ? Event[] : never

function wholeOf(message: Message, { played }: Cues): ReadableStream<Uint8Array> {
  const events = [...messageEvents(message), { type: 'message_stop' }]
  return streamOf([textOf(events.slice(0, -2)), ...(played ? [played] : []), textOf(events.slice(-2))])
}

function partOf(
  { message, isInterrupted, thrown }: Extract<Answer, { type: 'part' }>,
  { signal, onStall, played }: Cues,
): ReadableStream<Uint8Array> {
  const events = [...messageEvents(message)].slice(0, -1)
  if (isInterrupted) {
    return streamOf([textOf(events)], async () => {
      onStall?.()
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
      throw signal.reason
    })
  }
  const last = events.findLastIndex(({ delta }) => Object(delta).type === 'text_delta')
  if (!thrown || last < 0 || !onStall) return streamOf([textOf(events)], played)
  return streamOf([textOf(events.slice(0, last)), async () => onStall(thrown), textOf(events.slice(last))])
}

function textOf(events: Events): string {
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')
}

/** Gives each piece when it is asked for, which is when all before it was read. */
function streamOf(
  pieces: readonly (string | (() => Promise<void>))[],
  end?: () => Promise<void>,
): ReadableStream<Uint8Array> {
  let next = 0
  const source: UnderlyingDefaultSource<Uint8Array> = {
    async pull(controller) {
      let piece = pieces[next++]
      if (typeof piece === 'function') {
        await piece()
        piece = pieces[next++]
      }
      if (piece !== undefined) return controller.enqueue(new TextEncoder().encode(piece as string))
      await end?.()
      controller.close()
    },
  }
  return new ReadableStream(source, { highWaterMark: 0 })
}

const nothing = {
  input_tokens: 0,
  output_tokens: 0,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
} as Usage

/** The API's own summary is a block; one that the model writes is a text. */
function toReply(
  { summary, usage = nothing, model }: Extract<Answer, { type: 'summary' }>,
  { compaction }: Params,
): Answer {
  const block = compaction ? { type: 'compaction', content: summary } : { type: 'text', text: summary, citations: null }
  const message = {
    id: 'msg_summary',
    type: 'message',
    role: 'assistant',
    model,
    content: [block],
    container: null,
    stop_reason: compaction ? 'compaction' : 'end_turn',
    stop_sequence: null,
    stop_details: null,
    usage,
  }
  return { type: 'reply', message: message as unknown as Message, requestId: undefined }
}

/** Messages of the API's errors begin with their status and type. */
const told = /^([45]\d\d) (\w+): (.*)$/s

function toErrorResponse(recorded: ErrorFacts): Response {
  const [, status, type, message] = told.exec(recorded.message) ?? []
  if (status === undefined) throw toError(recorded)
  const body = { type: 'error', error: { type, message }, request_id: recorded.requestId ?? null }
  return Response.json(body, { status: Number(status) })
}

export function toError({ name, code, message, retryable: _, ...fields }: ErrorFacts): Error {
  return errorFromJSON({ name, message, ...(code !== undefined && { code }), fields })
}
