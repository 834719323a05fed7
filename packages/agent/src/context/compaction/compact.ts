import {
  BudgetExceededError,
  type Client,
  type Cost,
  costOf,
  findModel,
  InvalidRequestError,
  type Message,
  type MessageParam,
  RequestAbortedError,
  type RequestOptions,
  RequestTooLargeError,
  sumCosts,
  type Usage,
} from '@enjamb/core'
import { addUsage } from '@enjamb/tools'
import { CompactionError } from '../../errors/compaction-error.ts'
import type { FrozenParams } from '../../journal/entry.ts'
import type { ContextOptions } from '../context-options.ts'
import { askAPIForSummary, askForSummary, type SummaryRequest } from './ask-for-summary.ts'
import { summarisePieces } from './summarise-pieces.ts'
import { toTranscript } from './to-transcript.ts'

/** How a history is put into a summary. */
export interface CompactOptions extends RequestOptions {
  /** What matters beside all that a summary says anyway, in words for the model. */
  instructions?: string | undefined
  /** As in the session, whose cache is read. */
  cache?: ContextOptions['cache']
  /** Gets every reply, for what it costs, whether a summary comes of it or not. */
  onReply?: ((message: Message) => void) | undefined
}

/** What stands for a history from here on. */
export interface Compacted {
  summary: string
  usage: Usage
  /** At list prices; `undefined` where the model has none. */
  cost: Cost | undefined
}

/**
 * Puts a history into a summary: the API's own where the model has that, else one that the model is asked for; in pieces where
 * the history is too long for one request, or has something in it that the API refuses. Each way is tried once.
 *
 * @throws {CompactionError} there is no summary, or none that is shorter; calls of the history's end are not answered
 * @throws {RequestAbortedError} {@link BudgetExceededError}
 */
export async function compact(
  client: Client,
  frozen: FrozenParams,
  messages: readonly MessageParam[],
  { instructions, cache, onReply: tell, ...options }: CompactOptions = {},
): Promise<Compacted> {
  if (endsInCalls(messages.at(-1))) {
    throw new CompactionError(
      'The history ends in calls that are not answered: let them be made or refuse them, then compact.',
    )
  }
  let usage: Usage | undefined
  let cost: Cost | undefined
  const onReply = (reply: Message) => {
    const more = costOf(reply.model, reply.usage, reply)
    cost = usage ? sumCosts([cost, more]) : more
    usage = addUsage(usage, reply.usage)
    tell?.(reply)
  }
  const request: SummaryRequest = { client, frozen, instructions, options, cache, onReply }
  let summary: string | undefined
  try {
    summary = await summarise(request, messages)
  } catch (cause) {
    if (cause instanceof RequestAbortedError || cause instanceof BudgetExceededError) throw cause
    const why = (cause as Error).message
    throw new CompactionError(`The history could not be put into a summary, and is as it was: ${why}`, {
      cause,
      usage,
      cost,
    })
  }
  if (!summary) {
    throw new CompactionError('The model gave no whole summary of the history, which is as it was.', { usage, cost })
  }
  if (summary.length >= toTranscript(messages).join('').length) {
    const text = 'A summary makes this history no shorter, which is as it was: what fills the window is something else.'
    throw new CompactionError(text, { usage, cost })
  }
  return { summary, usage: usage!, cost }
}

async function summarise(request: SummaryRequest, messages: readonly MessageParam[]): Promise<string | undefined> {
  // Those that think as they see fit are those of which the API makes summaries itself.
  const isOffered = findModel(request.frozen.model)?.thinking.styles[0] === 'adaptive'
  const ways = [...(isOffered ? [askAPIForSummary] : []), askForSummary, summarisePieces]
  for (const [index, way] of ways.entries()) {
    try {
      const summary = await way(request, messages)
      if (summary) return summary
    } catch (error) {
      const isRefused =
        error instanceof InvalidRequestError ||
        error instanceof RequestTooLargeError ||
        // The API's own may write as much as the model can; others cost less.
        error instanceof BudgetExceededError
      if (!isRefused || index === ways.length - 1) throw error
    }
  }
  return undefined
}

function endsInCalls(message: MessageParam | undefined): boolean {
  const { role, content } = message ?? {}
  return role === 'assistant' && Array.isArray(content) && content.some(({ type }) => type === 'tool_use')
}
