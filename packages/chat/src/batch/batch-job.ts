import {
  apiErrorFromEvent,
  batchResults,
  type Client,
  ConfigError,
  cancelBatch,
  checkOptions,
  createBatch,
  EnjambError,
  type MessageBatchIndividualResponse,
  type MessageBatchResult,
  onAbort,
  RequestAbortedError,
  RequestTimeoutError,
  retrieveBatch,
  startTimer,
} from '@enjamb/core'
import type { Chat } from '../chat.ts'
import type { FallbackChat } from '../models/with-fallback.ts'
import { toReply } from '../reply.ts'
import { chatOptionNames } from '../request/chat-option-names.ts'
import type { ChatOptions } from '../request/chat-options.ts'
import { type BatchItem, toItems } from './batch-items.ts'
import type { BatchInput, BatchResult } from './batch-result.ts'
import { type BatchRun, type RunHooks, toBatchRun } from './batch-run.ts'

/** How a batch is waited for. */
export interface JobOptions extends RunHooks {
  /** How often to look whether the batch has ended, in milliseconds. Default 60,000; most take less than an hour. */
  pollMs?: number | undefined
}

/** A batch of the Message Batches API. */
export interface BatchJob extends BatchRun {
  /** `resumeBatch` takes it, in another process, too. */
  readonly id: string
  /** Asks for it to end early; what was under way has its result, the rest fails with `RequestAbortedError`. */
  cancel(): Promise<void>
}

/** The API's limits of a batch. */
const maxRequests = 100_000
const maxBytes = 256 * 1024 * 1024

/**
 * Hands many questions to the Message Batches API, which answers within a day for half the price. The batch goes on
 * whatever becomes of this process: keep the `id`. Reading waits until it has ended; a `signal` ends the waiting, and not
 * the batch.
 *
 * @throws {ConfigError} before sending: no inputs, two of one id, more than 100,000 or 256 MB of them, an id that is not 1
 * to 64 letters, digits, `_` and `-`, a toolset, which cannot run there, or fallbacks, of which there are none there; and as `chat.stream` does; then as `createBatch`
 * @see https://platform.claude.com/docs/en/build-with-claude/batch-processing
 * @example
 * const job = await submitBatch(chat, prompts, { maxTokens: 1024 })
 * await writeFile('batch.txt', job.id)
 * const { results, totalCost } = await job.final()
 */
export async function submitBatch(
  chat: Chat,
  inputs: readonly BatchInput[],
  options: ChatOptions & JobOptions = {},
): Promise<BatchJob> {
  checkOptions('submitBatch', options, [...chatOptionNames, 'pollMs', 'onProgress'])
  const { pollMs, onProgress, ...call } = options
  if (call.tools) throw new ConfigError('tools must be left out: they cannot run in a batch.')
  // Which would be left out in silence: the requests are made from a chat's parameters.
  if ((chat as Partial<FallbackChat>).fallbacks || call.body?.fallbacks)
    throw new ConfigError('fallbacks must be left out: a batch has none. Ask again what was refused.')
  const items = toItems(inputs)
  if (items.length > maxRequests) throw new ConfigError(`inputs must be at most ${maxRequests}, not ${items.length}.`)
  // Of what stands around them.
  let bytes = '{"requests":[]}'.length - 1
  const encoder = new TextEncoder()
  const requests = items.map(({ id, prompt }) => {
    const request = { custom_id: id, params: chat.params(prompt, call) }
    bytes += encoder.encode(JSON.stringify(request)).length + 1
    return request
  })
  if (bytes > maxBytes) throw new ConfigError(`inputs must be at most ${maxBytes} bytes together, not ${bytes}.`)
  const { id } = await createBatch(chat.client, { requests }, call)
  return toJob(chat, id, items, { pollMs, onProgress, signal: call.signal })
}

/**
 * A batch that was submitted before, perhaps by another process.
 *
 * @param options.inputs those that it was submitted with, for `prompt` and the order of the results; without them results
 * come by their ids, where those are numbers, else as the API has them
 * @throws {ConfigError} an option is misspelt; reading throws `NotFoundError` for an unknown id, and as `submitBatch`
 * @example
 * const { results } = await resumeBatch(chat, await readFile('batch.txt', 'utf8')).final()
 */
export function resumeBatch(
  chat: Pick<Chat, 'client'>,
  id: string,
  options: JobOptions & { inputs?: readonly BatchInput[] | undefined } = {},
): BatchJob {
  checkOptions('resumeBatch', options, ['inputs', 'pollMs', 'onProgress', 'signal'])
  return toJob(chat, id, options.inputs && toItems(options.inputs), options)
}

function toJob(
  { client }: Pick<Chat, 'client'>,
  id: string,
  items: BatchItem[] | undefined,
  options: JobOptions,
): BatchJob {
  const { pollMs = 60_000, signal, onProgress } = options
  const prompts = new Map(items?.map((item) => [item.id, item.prompt]))
  const order = (results: BatchResult[]) => {
    const places = new Map(items?.map((item, index) => [item.id, index]))
    const place = ({ id }: BatchResult) => places.get(id) ?? Number(id)
    return [...results].sort((a, b) => place(a) - place(b) || 0)
  }
  const run = toBatchRun((signal) => readBatch(client, id, prompts, pollMs, signal), order, items?.length, {
    signal,
    onProgress,
  })
  return {
    ...run,
    id,
    cancel: async () => void (await cancelBatch(client, id)),
  }
}

async function* readBatch(
  client: Client,
  id: string,
  prompts: ReadonlyMap<string, BatchItem['prompt']>,
  pollMs: number,
  signal: AbortSignal,
): AsyncGenerator<BatchResult, void> {
  while ((await retrieveBatch(client, id, { signal })).processing_status !== 'ended') await pause(pollMs, signal)
  for await (const line of batchResults(client, id, { signal })) yield toResult(line, prompts.get(line.custom_id))
}

function toResult(
  { custom_id: id, result }: MessageBatchIndividualResponse,
  prompt: BatchItem['prompt'] | undefined,
): BatchResult {
  if (result.type !== 'succeeded') return { id, prompt, status: 'failed', error: errorOf(result) }
  const messages = typeof prompt === 'string' ? [{ role: 'user' as const, content: prompt }] : (prompt ?? [])
  const reply = toReply(result.message, undefined, undefined, { messages })
  return { id, prompt, status: 'completed', reply, cost: reply.cost }
}

function errorOf(result: MessageBatchResult): Error {
  switch (result.type) {
    case 'errored':
      return apiErrorFromEvent(result.error)
    case 'canceled':
      return new RequestAbortedError('The batch was cancelled before this was asked.')
    case 'expired':
      return new RequestTimeoutError('The day of the batch was over before this was asked.')
    default:
      return new EnjambError(`The batch has a result of a type not known here: ${result.type}.`)
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = startTimer(ms, () => {
      unlink()
      resolve()
    })
    const leave = () => {
      stop()
      unlink()
      reject(new RequestAbortedError('The waiting for the batch was aborted.', { cause: signal.reason }))
    }
    const unlink = onAbort(signal, leave)
    if (signal.aborted) leave()
  })
}
