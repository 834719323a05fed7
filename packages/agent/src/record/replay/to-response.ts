import { errorFromJSON, type Message, type MessageParams, type Usage } from '@enjamb/core'
import { messageEvents } from './message-events.ts'
import type { Exchange, RecordedError } from './recorded-exchanges.ts'

type Answer = Exchange['answer']
type Params = MessageParams & { stream?: boolean; compaction?: unknown }

/**
 * An answer as it came: as a stream, where one was asked for.
 *
 * @param signal of the request: where somebody had ended the reply, it stays open until somebody does so again
 * @throws what had happened to the request on its way
 */
export function toResponse(answer: Answer, params: Params, signal: AbortSignal): Response {
  if (answer.type === 'error') return toErrorResponse(answer.error)
  if (answer.type === 'summary') return toResponse(toReply(answer, params), params, signal)
  const isStream = params.stream === true
  const { message } = answer
  const headers = { 'request-id': (answer.type === 'reply' && answer.requestId) || 'replayed' }
  if (!isStream) return Response.json(message, { headers })
  const isWhole = answer.type === 'reply'
  const body = streamOf(message, isWhole, answer.type === 'part' && answer.isInterrupted ? signal : undefined)
  return new Response(body, { headers: { ...headers, 'content-type': 'text/event-stream' } })
}

function streamOf(message: Message, isWhole: boolean, until: AbortSignal | undefined): ReadableStream<Uint8Array> {
  const events = [...messageEvents(message)]
  if (isWhole) events.push({ type: 'message_stop' })
  else events.pop()
  const text = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')
  return new ReadableStream({
    async start(controller) {
      controller.enqueue(new TextEncoder().encode(text))
      if (until && !until.aborted) {
        await new Promise((resolve) => until.addEventListener('abort', resolve, { once: true }))
      }
      if (until) controller.error(until.reason)
      else controller.close()
    },
  })
}

const nothing = {
  input_tokens: 0,
  output_tokens: 0,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
} as Usage

/** The API's own summary is a block; one that the model writes is a text. */
function toReply({ entry, model }: Extract<Answer, { type: 'summary' }>, { compaction }: Params): Answer {
  const { summary, usage = nothing } = entry
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

function toErrorResponse(recorded: RecordedError): Response {
  const [, status, type, message] = told.exec(recorded.message) ?? []
  if (status === undefined) throw errorFromJSON({ ...withCode(recorded), fields: {} })
  const body = { type: 'error', error: { type, message }, request_id: null }
  return Response.json(body, { status: Number(status) })
}

function withCode({ name, code, message }: RecordedError) {
  return { name, message, ...(code !== undefined && { code }) }
}
