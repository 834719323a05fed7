import { ConfigError, checkOptions } from '@enjamb/core'
import type { Chat } from '../chat.ts'
import type { Reply } from '../reply.ts'
import { replyEvents } from '../reply-events.ts'
import { listModels, modelInfo } from './list-models.ts'
import { errorBody, OpenAIError, toOpenAIError } from './openai-error.ts'
import type { Asked } from './read/asked.ts'
import type { Fields } from './read/check-fields.ts'
import { readCompletion } from './read/read-completion.ts'
import { readResponse } from './read/read-response.ts'
import { loadPrevious, type ResponseStore, saveResponse } from './response-store.ts'
import { toCall } from './to-call.ts'
import { completionChunks, toCompletion } from './write/completion.ts'
import { toResponse } from './write/response.ts'
import { responseEvents } from './write/response-events.ts'
import { completionFrames, responseFrames, streamResponse } from './write/stream-response.ts'

/** Options of {@link createOpenAIHandler}. */
export interface OpenAIHandlerOptions {
  /** Whether a request may be answered, which is paid for with the chat's credential: by its `authorization` header, say. */
  authorize: (request: Request) => boolean | Promise<boolean>
  /**
   * The models that there are: names of Claude's, or a table from the names that clients use to them, as
   * `{ 'gpt-5': 'sonnet' }`. Default: every name of Claude's.
   */
  models?: readonly string[] | { readonly [name: string]: string } | undefined
  /** The largest body of a request, in bytes; a larger one is a 413. Default 32 MiB. */
  maxBodyBytes?: number | undefined
  /** Keeps responses, so that a request may go on from one by its id. Default: none are kept, and its items have to be sent. */
  store?: ResponseStore | undefined
}

/**
 * A door for what speaks OpenAI: a fetch handler that answers Chat Completions (`/chat/completions`) and Responses
 * (`/responses`), and lists models (`/models`), below any path. What cannot be translated is refused by name, never dropped.
 *
 * @throws {ConfigError} `authorize` is missing, or an option is misspelt
 * @see https://platform.openai.com/docs/api-reference/chat
 * @example
 * const handle = createOpenAIHandler(createChat(), {
 *   authorize: (request) => request.headers.get('authorization') === `Bearer ${process.env.DOOR_KEY}`,
 *   models: { 'gpt-5': 'sonnet' },
 * })
 * export default { fetch: handle }
 */
export function createOpenAIHandler(
  chat: Chat,
  options: OpenAIHandlerOptions,
): (request: Request) => Promise<Response> {
  // A misspelt one would let in more than was meant.
  checkOptions('createOpenAIHandler', options, ['authorize', 'models', 'maxBodyBytes', 'store'])
  const { authorize, models, maxBodyBytes = 32 * 1024 * 1024, store } = options
  if (typeof authorize !== 'function') throw new ConfigError('authorize must be a function that says who may ask.')
  const table = Array.isArray(models) ? Object.fromEntries(models.map((name) => [name, name])) : models
  const isDated = chat.client.apiVersion >= '2026-10-21'

  const modelOf = (name: string): string => {
    const model = table ? (Object.hasOwn(table, name) ? (table as Record<string, string>)[name] : undefined) : name
    if (model === undefined) {
      throw new OpenAIError(`The model '${name}' does not exist.`, {
        status: 404,
        param: 'model',
        code: 'model_not_found',
      })
    }
    return model
  }

  async function answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url)
    if (!(await authorize(request))) {
      throw new OpenAIError('Incorrect API key provided.', { status: 401, code: 'invalid_api_key' })
    }
    const listed = /\/models(?:\/([^/]+))?\/?$/.exec(pathname)
    if (listed && request.method === 'GET')
      return Response.json(listed[1] ? modelInfo(modelOf, listed[1]) : listModels(table))
    const isResponse = /\/responses\/?$/.test(pathname)
    if (!(isResponse || /\/chat\/completions\/?$/.test(pathname)) || request.method !== 'POST') {
      throw new OpenAIError(`Unknown request URL: ${request.method} ${pathname}.`, { status: 404, code: 'unknown_url' })
    }
    const body = await readBody(request, maxBodyBytes)
    if (!isResponse) {
      const asked = readCompletion(body, isDated)
      return complete(chat, { ...asked, model: modelOf(asked.model) }, request.signal)
    }
    const previous = await loadPrevious(store, body, request)
    const asked = readResponse(body, isDated, previous, store !== undefined)
    const save = (reply: Reply) => saveResponse(store, body, asked.system, reply, request)
    const shown = { ...body, store: store !== undefined && body.store !== false }
    return respond(chat, { ...asked, body: shown, model: modelOf(asked.model) }, save, request.signal)
  }

  return async (request) => {
    try {
      return await answer(request)
    } catch (error) {
      return toErrorResponse(toOpenAIError(error))
    }
  }
}

/** Streamed in any case, so that no answer is too long to be waited for. */
function ask(chat: Chat, asked: Asked, signal: AbortSignal) {
  const { messages, options } = toCall(chat, asked)
  const stream = chat.stream(messages, { ...options, signal })
  return {
    events: () => replyEvents(stream),
    created: Math.floor(Date.now() / 1000),
    abort: (reason: unknown) => stream.abort(reason),
    async final() {
      const reply = await stream.final()
      if (asked.isJSON) assertJSON(reply)
      return reply
    },
  }
}

async function complete(chat: Chat, asked: Asked, signal: AbortSignal): Promise<Response> {
  const { events, final, created, abort } = ask(chat, asked, signal)
  if (!asked.stream) return Response.json(toCompletion(await final(), created))
  return streamResponse(completionChunks(events(), final, created, asked.includeUsage), completionFrames, abort)
}

async function respond(
  chat: Chat,
  asked: Asked,
  save: (reply: Reply) => Promise<void>,
  signal: AbortSignal,
): Promise<Response> {
  const { body } = asked
  const { events, final, created, abort } = ask(chat, asked, signal)
  const saved = async () => {
    const reply = await final()
    await save(reply)
    return reply
  }
  if (!asked.stream) return Response.json(toResponse(await saved(), body, created))
  return streamResponse(responseEvents(events(), saved, body, created), responseFrames, abort)
}

/** Of `json_object`: the model is told, and what is none is an error, never an answer that looks like one. */
function assertJSON({ text, stopReason }: Reply): void {
  if (stopReason !== 'end_turn' && stopReason !== 'stop_sequence') return
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value && !Array.isArray(value)) return
  } catch {}
  throw new OpenAIError('The model wrote no JSON object: ask again, or give a schema, which it is held to.', {
    status: 502,
    type: 'server_error',
    code: 'json_validate_failed',
  })
}

async function readBody(request: Request, maxBytes: number): Promise<Fields> {
  const tooLarge = () =>
    new OpenAIError(`The body must be at most ${maxBytes} bytes.`, { status: 413, code: 'request_too_large' })
  if (Number(request.headers.get('content-length')) > maxBytes) throw tooLarge()
  const chunks: Uint8Array[] = []
  let length = 0
  for (const reader = request.body?.getReader(); reader; ) {
    const { done, value } = await reader.read()
    if (done) break
    length += value.length
    if (length > maxBytes) {
      await reader.cancel()
      throw tooLarge()
    }
    chunks.push(value)
  }
  try {
    const value: unknown = JSON.parse(await new Blob(chunks as BlobPart[]).text())
    if (typeof value === 'object' && value && !Array.isArray(value)) return value as Fields
  } catch {}
  throw new OpenAIError('The body must be a JSON object.', { code: 'invalid_json' })
}

function toErrorResponse(error: OpenAIError): Response {
  const { status, retryAfterMs } = error
  const headers: Record<string, string> =
    retryAfterMs === undefined
      ? {}
      : { 'retry-after-ms': `${retryAfterMs}`, 'retry-after': `${Math.ceil(retryAfterMs / 1000)}` }
  return Response.json(errorBody(error), { status, headers })
}
