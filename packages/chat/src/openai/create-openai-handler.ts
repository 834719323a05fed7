import { ConfigError, checkOptions, findModel } from '@enjamb/core'
import type { Chat } from '../chat.ts'
import { replyEvents } from '../reply-events.ts'
import type { ChatOptions } from '../request/chat-options.ts'
import { errorBody, OpenAIError, toOpenAIError } from './openai-error.ts'
import type { Asked } from './read/asked.ts'
import type { Fields } from './read/check-fields.ts'
import { readCompletion } from './read/read-completion.ts'
import { readResponse } from './read/read-response.ts'
import { completionChunks, toCompletion } from './write/completion.ts'
import { responseEvents, toResponse } from './write/response.ts'
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
  checkOptions('createOpenAIHandler', options, ['authorize', 'models', 'maxBodyBytes'])
  const { authorize, models, maxBodyBytes = 32 * 1024 * 1024 } = options
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
    const asked = (isResponse ? readResponse : readCompletion)(body, isDated)
    return respond(chat, { ...asked, model: modelOf(asked.model) }, isResponse, request.signal)
  }

  return async (request) => {
    try {
      return await answer(request)
    } catch (error) {
      return toErrorResponse(toOpenAIError(error))
    }
  }
}

async function respond(chat: Chat, asked: Asked, isResponse: boolean, signal: AbortSignal): Promise<Response> {
  const { stream, includeUsage, body } = asked
  // Streamed in any case, so that no answer is too long to be waited for.
  const reply = chat.stream(asked.messages, { ...withEffort(chat, asked), signal })
  const created = Math.floor(Date.now() / 1000)
  const final = () => reply.final()
  const abort = (reason: unknown) => reply.abort(reason)
  if (isResponse) {
    if (!stream) return Response.json(toResponse(await final(), body, created))
    return streamResponse(responseEvents(replyEvents(reply), final, body, created), responseFrames, abort)
  }
  if (!stream) return Response.json(toCompletion(await final(), created))
  return streamResponse(completionChunks(replyEvents(reply), final, created, includeUsage), completionFrames, abort)
}

/** The effort stands beside the format, which would take its place. */
function withEffort(chat: Chat, { model, messages, options }: Asked): ChatOptions {
  const { output_config, ...body } = options.body ?? {}
  const call = { ...options, model }
  if (!output_config) return call
  const { output_config: own } = chat.params(messages, { ...call, body })
  return { ...call, body: { ...body, output_config: { ...own, ...output_config } } }
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

function listModels(table: { readonly [name: string]: string } | undefined): object {
  const names = Object.keys(table ?? { haiku: '', sonnet: '', opus: '', fable: '' })
  return { object: 'list', data: names.map((name) => describe(name, table?.[name] ?? name)) }
}

function modelInfo(modelOf: (name: string) => string, name: string): object {
  const decoded = decodeURIComponent(name)
  return describe(decoded, modelOf(decoded))
}

function describe(name: string, model: string): object {
  const date = findModel(model)?.snapshot?.match(/(\d{4})(\d\d)(\d\d)$/)
  const created = date ? Date.UTC(Number(date[1]), Number(date[2]) - 1, Number(date[3])) / 1000 : 0
  return { id: name, object: 'model', created, owned_by: 'anthropic' }
}

function toErrorResponse(error: OpenAIError): Response {
  const { status, retryAfterMs } = error
  const headers: Record<string, string> =
    retryAfterMs === undefined
      ? {}
      : { 'retry-after-ms': `${retryAfterMs}`, 'retry-after': `${Math.ceil(retryAfterMs / 1000)}` }
  return Response.json(errorBody(error), { status, headers })
}
