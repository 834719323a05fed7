import {
  type Client,
  ConfigError,
  type Cost,
  costOf,
  type Message,
  type MessageParam,
  requestOptionNames,
  type Usage,
} from '@enjamb/core'
import { checkTools } from '#checks'
import { toolName } from './call/tool-name.ts'
import { type ToolTable, toToolTable } from './call/tool-table.ts'
import type { ToolEntry } from './define/tool.ts'
import { fitsName } from './fits-name.ts'
import type { RunOptions, RunParams } from './loop/run-options.ts'
import { runTools } from './loop/run-tools.ts'
import type { ToolRun } from './loop/tool-run.ts'

/** Which of some tools there are to be. */
export interface ToolFilter {
  /** Only these: names, with `*` for any characters. Default: all. */
  allow?: readonly string[] | undefined
  /** Not these, whatever `allow` says. */
  deny?: readonly string[] | undefined
}

/** Tools together with the loop that runs them, so that who takes a toolset need not bring one. */
export interface Toolset extends ToolTable {
  /** As `runTools` with these tools. */
  run(client: Client, params: Omit<RunParams, 'tools'>, options?: RunOptions): ToolRun
  /**
   * The same for the option `tools` of a chat: it takes of a chat's options those that a run has, prices the replies, and
   * ends with the last one.
   */
  chat(client: Client, params: Omit<RunParams, 'tools'>, options: object): ToolsetChat
}

/** A run whose result is its last reply. */
export interface ToolsetChat extends Omit<ToolRun, 'final'> {
  final(): Promise<Message>
  /** What it came to; `messages` are those that the last reply answers. */
  readonly sums: { usage: Usage; cost: Cost | undefined; messages: MessageParam[] }
}

/**
 * Puts tools together: your own, and server tools, which pass into the request untouched. To the model, a tool that is
 * not allowed does not exist.
 *
 * @throws {ConfigError} there is no list of tools, two tools have one name, one is a definition alone, or `allow` or `deny` has what is no name
 * @example
 * const tools = toolset([readFile, writeFile, { type: 'web_search_20250305', name: 'web_search' }], { deny: ['write*'] })
 */
export function toolset(tools: readonly ToolEntry[], { allow = ['*'], deny = [] }: ToolFilter = {}): Toolset {
  checkTools(tools)
  const allowed = (entry: ToolEntry) => covers(allow, toolName(entry)) && !covers(deny, toolName(entry))
  const table = toToolTable(tools.filter(allowed))
  const run: Toolset['run'] = (client, params, options) => runTools(client, { ...params, tools: table }, options)
  return {
    ...table,
    run,
    chat(client, params, options) {
      const given = Object.entries(options).filter(([name]) => name === 'maxTurns' || requestOptionNames.includes(name))
      const made = run(client, params, { costOf, ...Object.fromEntries(given) })
      return Object.create(made, {
        final: { value: async () => (await made.final()).message },
        sums: {
          get() {
            const { usage, cost, messages } = made
            return { usage, cost, messages: messages.at(-1)?.role === 'assistant' ? messages.slice(0, -1) : messages }
          },
        },
      })
    },
  }
}

function covers(patterns: readonly string[], name: string): boolean {
  return patterns.some((one) => {
    if (!/^[\w*-]+$/.test(one)) throw new ConfigError(`A tool's name is like "Read" or "mcp__*"; "${one}" is not.`)
    return fitsName(one, name)
  })
}
