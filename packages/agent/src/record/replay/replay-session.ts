import { type Client, createClient, type Middleware } from '@enjamb/core'
import { type AroundCall, resultBlock, type Tool, type ToolEntry } from '@enjamb/tools'
import type { AgentOptions } from '../../agent-options.ts'
import type { Agent } from '../../create-agent.ts'
import type { Entry, FrozenParams, PromptEntry } from '../../journal/entry.ts'
import type { Session } from '../../session/session.ts'
import { conduct } from './again/conduct.ts'
import { playExchanges } from './play-exchanges.ts'
import { recordedExchanges } from './recorded-exchanges.ts'
import { startingAt, toHooks, toOptions } from './replay-options.ts'
import { begunTools, handedTools, recordedTools, replayTools, withoutRun } from './replay-tools.ts'

/** A session that can be had again. */
export interface Replay {
  /**
   * Has all of it again: what was asked, steered, decided, noted, put into a summary, taken back and interrupted, each where it
   * was, and with other parameters where they changed. Its agents have a store of their own.
   *
   * A journal does not say how far the calls in a reply had come when it broke off in the middle of them: a turn in which
   * one did may come to something else, or be a {@link ReplayError}.
   *
   * @param make makes an agent of the options of this record: `createAgent`, or a function that changes some
   * @returns the session as it is in the end, to be closed
   * @throws {ReplayError} the first request, call or end of a turn that is another, or the first entry that does not come again
   */
  run(make: (options: AgentOptions) => Agent): Promise<Session>
  /** What was asked, in order; for `session.send(content, { id, by })`, where nothing but that is wanted. */
  readonly prompts: readonly Pick<PromptEntry, 'id' | 'content' | 'by'>[]
  /**
   * For `createAgent`: an agent that asks as the recorded one did, of this record. Its hooks have each call come to its recorded
   * result; with `hooks: {}` and tools that run, theirs are compared. Nobody has to decide what was decided.
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
 * first difference. How requests are marked for the cache is none. Sessions of sub-agents are records of their own.
 *
 * @example
 * await using session = await replaySession(entries).run(createAgent)
 * console.log(session.messages.at(-1), session.cost)
 */
export function replaySession(entries: Iterable<Entry>): Replay {
  const list = [...entries]
  const exchanges = recordedExchanges(list)
  const player = playExchanges(exchanges)
  const called = new Set(list.flatMap((entry) => (entry.type === 'reply' ? namesIn(entry) : [])))
  const begun = begunTools(list)
  const head = list.find((entry) => entry.type === 'session')
  const first = head?.frozen ?? ({ model: '', max_tokens: 0 } as FrozenParams)
  const client = createClient({
    // There is no key: none leaves a browser, either.
    apiKey: 'none',
    dangerouslyAllowBrowser: true,
    baseURL: 'http://replay.invalid',
    retry: { maxRetries: 0 },
    middleware: [player.middleware],
  })
  const handed = handedTools(list)
  const toolsOf = (frozen: FrozenParams, own?: readonly ToolEntry[]) => {
    const tools = own
      ? replayTools(own, player.find, begun)
      : recordedTools(frozen.tools ?? [], called, player.find, begun)
    // Where their results are not handed in once more, they are there at once.
    return player.conductor ? tools.map((tool) => (isHanded(tool) ? withoutRun(tool, own !== undefined) : tool)) : tools
  }
  const isHanded = (tool: ToolEntry): tool is Tool => 'run' in tool && handed.has(tool.name)
  const firstPrompt = list.findIndex(({ type }) => type === 'prompt')
  const optionsOf = (frozen: FrozenParams, starting = startingAt(list, firstPrompt)): AgentOptions => ({
    ...toOptions(frozen, client, toolsOf(frozen), list),
    // Of what is due within a turn the record knows; the rest somebody asks for.
    compaction: {
      get atTokens() {
        const { answer } = player.next ?? {}
        return answer?.type === 'summary' && answer.of === 'turn' ? 1 : Number.POSITIVE_INFINITY
      },
    },
    hooks: toHooks(list, exchanges, player, starting),
  })
  return {
    run: (make) => conduct(list, { make, optionsOf, exchanges, player }),
    prompts: list
      .filter((entry) => entry.type === 'prompt')
      .filter(({ refused }) => refused === undefined)
      .map(({ id, content, by }) => ({ id, content, by })),
    options: optionsOf(exchanges[0]?.request ?? first),
    client,
    middleware: player.middleware,
    async aroundCall(call, _run, { signal }) {
      const { content, isError } = (await player.find(call.id, call.name, signal)).result
      return resultBlock(call, content, isError)
    },
    tools: (own) => toolsOf(exchanges[0]?.request ?? first, own),
    get left() {
      return player.left
    },
  }
}

function namesIn({ message }: Extract<Entry, { type: 'reply' }>): string[] {
  return message.content.flatMap((block) => (block.type === 'tool_use' ? block.name : []))
}
