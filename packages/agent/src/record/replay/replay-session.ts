import { type Client, createClient, type MessageParams, type Middleware } from '@enjamb/core'
import { type AroundCall, resultBlock, type ToolEntry } from '@enjamb/tools'
import type { AgentOptions } from '../../agent-options.ts'
import { summaryPrompt } from '../../context/compaction/summary-prompt.ts'
import type { Hooks } from '../../hooks/hooks.ts'
import type { Entry, FrozenParams, PromptEntry, ResultEntry } from '../../journal/entry.ts'
import { contentText } from '../text/content-text.ts'
import { type Compared, findDifference } from './find-difference.ts'
import { type Exchange, recordedExchanges } from './recorded-exchanges.ts'
import { ReplayError, requestDiffers } from './replay-error.ts'
import { type FindResult, recordedTools, replayTools } from './replay-tools.ts'
import { toResponse } from './to-response.ts'

/** A session that can be had again. */
export interface Replay {
  /** What was asked, in order; for `session.send(content, { id, by })`. */
  readonly prompts: readonly Pick<PromptEntry, 'id' | 'content' | 'by'>[]
  /**
   * For `createAgent`: an agent that asks as the recorded one did, of this record. Its hooks have each call come to its recorded
   * result; with `hooks: {}` and tools that run, theirs are compared.
   */
  readonly options: AgentOptions
  /** Gives the recorded replies, in their order; nothing leaves the process. */
  readonly client: Client
  /** The same for a client of your own: put it last among its middleware. */
  readonly middleware: Middleware
  /** Gives the recorded results of calls, for `runTools`; no tool runs. */
  readonly aroundCall: AroundCall
  /** The same for an agent: your tools, with their recorded results; by default the recorded definitions of them. */
  tools(own?: readonly ToolEntry[]): ToolEntry[]
  /** Recorded requests that have not been made yet. */
  readonly left: number
}

/**
 * The same session once more, from its journal: with recorded replies and results, without the API and without effects. For a
 * debugger, and for tests that a change of prompts, tools or options leaves a session as it was.
 *
 * A request that is not the recorded one, or a call without a recorded result, is a {@link ReplayError}, which names the
 * first difference. How requests are marked for the cache is none.
 *
 * @example
 * const replay = replaySession(entries)
 * const agent = createAgent(replay.options)
 * await using session = await agent.session()
 * for (const { content } of replay.prompts) console.log((await session.send(content).final()).text)
 */
export function replaySession(entries: Iterable<Entry>): Replay {
  const list = [...entries]
  const exchanges = recordedExchanges(list)
  const results = new Map(list.flatMap((entry) => (entry.type === 'result' ? [[entry.id, entry]] : [])))
  const head = list.find((entry) => entry.type === 'session')
  const frozen = exchanges[0]?.request ?? head?.frozen ?? ({ model: '', max_tokens: 0 } as FrozenParams)
  const called = new Set(list.flatMap((entry) => (entry.type === 'reply' ? namesIn(entry) : [])))
  const compared: Compared = new WeakMap()
  let next = 0
  let last: Exchange | undefined

  const middleware: Middleware = async (request) => {
    const params = Object(request.params) as MessageParams & { stream?: boolean }
    const path = new URL(request.url).pathname
    if (path.endsWith('/messages/count_tokens')) return Response.json({ input_tokens: tokensOf(exchanges[next]) })
    if (!path.endsWith('/v1/messages'))
      throw new ReplayError(`The record has no request of ${request.method} ${path}.`, {})
    // Asked once more, it fails once more.
    if (!request.attempt || !last) last = take(params)
    return toResponse(last.answer, params, request.signal)
  }

  function take(params: MessageParams): Exchange {
    const exchange = exchanges[next]
    if (isSummaryRequest(params)) return takeSummary(exchange)
    if (!exchange) throw new ReplayError(`The record ends after ${next} requests, and this is one more.`, {})
    const difference = findDifference(exchange.request, params, compared)
    if (difference) throw requestDiffers(next + 1, difference)
    // Why else would its history have been put into a summary?
    if (exchange.answer.type === 'summary') return { ...exchange, answer: { type: 'error', error: tooLong } }
    next++
    return exchange
  }

  function takeSummary(exchange: Exchange | undefined): Exchange {
    // A long history is read in pieces.
    if (exchange?.answer.type !== 'summary' && last?.answer.type === 'summary') return last
    if (exchange?.answer.type === 'summary') {
      next++
      return exchange
    }
    throw new ReplayError('The record has no summary of the history here, and one is asked for.', {})
  }

  function find(id: string, name: string): ResultEntry {
    const result = results.get(id)
    if (!result) throw new ReplayError(`The record has no result of call ${id} of ${name}.`, {})
    return result
  }

  const client = createClient({
    // There is no key: none leaves a browser, either.
    apiKey: 'none',
    dangerouslyAllowBrowser: true,
    baseURL: 'http://replay.invalid',
    retry: { maxRetries: 0 },
    middleware: [middleware],
  })
  const tools = (own?: readonly ToolEntry[]) =>
    own ? replayTools(own, find) : recordedTools(frozen.tools ?? [], called, find)
  return {
    prompts: list
      .filter((entry) => entry.type === 'prompt')
      .filter(({ refused }) => refused === undefined)
      .map(({ id, content, by }) => ({ id, content, by })),
    options: {
      ...toOptions(frozen, client, tools()),
      hooks: toHooks(list, exchanges, find, () => next),
    },
    client,
    middleware,
    aroundCall(call) {
      const { content, isError } = find(call.id, call.name)
      return resultBlock(call, content, isError)
    },
    tools,
    get left() {
      return exchanges.length - next
    },
  }
}

function namesIn({ message }: Extract<Entry, { type: 'reply' }>): string[] {
  return message.content.flatMap((block) => (block.type === 'tool_use' ? block.name : []))
}

/** Options of which those parameters come. */
function toOptions(params: MessageParams | FrozenParams, client: Client, tools: ToolEntry[]): AgentOptions {
  const { model, max_tokens: maxTokens, system = '', tools: _, metadata: __, ...rest } = params
  const { messages: ___, ...body } = rest as Partial<MessageParams>
  // An agent's own default does not stand where the record has none.
  return { client, tools, model, maxTokens, system, body: { thinking: undefined, ...body } }
}

/** Hooks that say what those of the record had said, and that have each call come to what it came to then. */
function toHooks(list: readonly Entry[], exchanges: readonly Exchange[], find: FindResult, next: () => number): Hooks {
  const first = list.findIndex((entry) => entry.type === 'prompt')
  const begun = list.slice(0, Math.max(0, first)).flatMap((entry) => (entry.type === 'context' ? entry.content : []))
  const most = exchanges.reduce((count, { contexts }) => Math.max(count, contexts.length), 0)
  return {
    sessionStart: begun.map((context) => () => ({ context })),
    beforeTurn: Array.from({ length: most }, (_, index) => () => ({ context: exchanges[next()]?.contexts[index] })),
    afterTool({ id, name }) {
      const { content, isError } = find(id, name)
      return { output: content, isError }
    },
  }
}

const tooLong = { name: 'InvalidRequestError', message: '400 invalid_request_error: prompt is too long' }

/** Does a session ask for a summary of its history: the API, or the model in words? */
function isSummaryRequest({ messages, ...params }: MessageParams): boolean {
  if ('compaction' in params && Object(params.compaction).type === 'summarize') return true
  return contentText(messages.at(-1)?.content).startsWith(summaryPrompt(undefined))
}

/** How long the prompt of a request was, all in all. */
function tokensOf(exchange: Exchange | undefined): number {
  if (!exchange || !('message' in exchange.answer)) return 0
  const { usage } = exchange.answer.message
  return usage.input_tokens + (usage.cache_read_input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0)
}
