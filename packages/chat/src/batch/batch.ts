import { ConfigError, checkOptions } from '@enjamb/core'
import type { Chat } from '../chat.ts'
import { chatOptionNames } from '../request/chat-option-names.ts'
import type { ChatOptions } from '../request/chat-options.ts'
import { toItems } from './batch-items.ts'
import { type JobOptions, submitBatch } from './batch-job.ts'
import type { BatchInput, BatchReply } from './batch-result.ts'
import { type BatchRun, type RunHooks, toBatchRun } from './batch-run.ts'
import { runInputs } from './run-inputs.ts'

/** Options of {@link batch} and {@link streamBatch}, for each of its calls. */
export interface BatchOptions extends ChatOptions, RunHooks {
  /** How many are asked beside one another. Default 5. A pacer among the chat's `middleware` holds all of them. */
  concurrency?: number | undefined
}

/**
 * Asks many questions, some beside one another, and waits for all. It never fails for one of them: what failed has its
 * error in its place, also where `signal` ended the rest.
 *
 * With `via: 'batches'` it hands them to the Message Batches API: for half the price, within a day.
 *
 * @throws {ConfigError} there are no inputs, or two of one id, or an option is misspelt
 * @see {@link submitBatch} for what `via: 'batches'` throws
 * @example
 * const { results, totalCost } = await batch(chat, ['Name a river.', 'Name a lake.'], { concurrency: 2 })
 */
export async function batch(
  chat: Chat,
  inputs: readonly BatchInput[],
  options: BatchOptions & ({ via?: undefined } | ({ via: 'batches' } & ViaOptions)) = {},
): Promise<BatchReply> {
  if (options.via !== undefined && options.via !== 'batches')
    throw new ConfigError("via must be 'batches' or left out.")
  if (!options.via) return streamBatch(chat, inputs, options).final()
  const { via: _, concurrency: _c, onSubmit, ...rest } = options
  const job = await submitBatch(chat, inputs, rest)
  onSubmit?.(job.id)
  return job.final()
}

/** What {@link batch} takes with `via: 'batches'`. */
export interface ViaOptions extends JobOptions {
  /** Gets the batch's id as soon as there is one: `resumeBatch` takes it, in another process, too. */
  onSubmit?: ((id: string) => void) | undefined
}

/**
 * As `batch`, with the results as they come.
 *
 * @throws {ConfigError} there are no inputs, two of one id, or `concurrency` is less than 1
 * @example
 * for await (const { id, reply, error } of streamBatch(chat, prompts)) console.log(id, reply?.text ?? error)
 */
export function streamBatch(chat: Chat, inputs: readonly BatchInput[], options: BatchOptions = {}): BatchRun {
  checkOptions('batch', options, [...chatOptionNames, 'concurrency', 'onProgress'])
  const { concurrency = 5, onProgress, signal, ...call } = options
  if (!(concurrency >= 1)) throw new ConfigError('concurrency must be 1 or more.')
  const items = toItems(inputs)
  const places = new Map(items.map(({ id }, index) => [id, index]))
  return toBatchRun(
    (signal) => runInputs(chat, items, call, concurrency, signal),
    (results) => [...results].sort((a, b) => places.get(a.id)! - places.get(b.id)!),
    items.length,
    { signal, onProgress },
  )
}
