import { ConfigError } from '../../errors/config-error.ts'
import type { MessageParams } from '../../wire/index.ts'

/** How far the tools that the API runs by itself can carry a request. */
export interface ServerToolBound {
  /** How often the model may read the prompt, which grows with each result: 1 without such tools. */
  samplings: number
  searches: number
  /** Searches and fetches together: each brings text into the prompt. */
  uses: number
  /** Definitions of the request's own tools that tool searches put into it. */
  definitions: number
}

/** A tool search finds three to five tools. */
const found = 5

/** The API pauses a turn (`pause_turn`) after as many rounds with its own tools. */
const maxRounds = 10

/** Tools whose work has no bound in the request, or a price that usage does not tell, are not among them. */
const bounded = /^(web_search|web_fetch|tool_search_tool)_/
const clientSide = /^(custom$|(bash|text_editor|memory|browser_toolset|computer_toolset)_)/

/** @throws {ConfigError} a tool has no bound: `max_uses` is missing, or nothing could bound it */
export function boundServerTools({ tools = [] }: Pick<MessageParams, 'tools'>): ServerToolBound {
  const bound: ServerToolBound = { samplings: 1, searches: 0, uses: 0, definitions: 0 }
  let rounds = 0
  for (const tool of tools) {
    const type = tool.type ?? 'custom'
    if (clientSide.test(type)) continue
    const kind = bounded.exec(type)?.[1]
    if (!kind) throw new ConfigError(`Under a budget there can be no ${type} tool: what it costs has no bound.`)
    if (kind === 'tool_search_tool') {
      rounds = maxRounds
      bound.definitions = maxRounds * found
      continue
    }
    const { max_uses: uses } = tool as { max_uses?: number | null }
    if (!Number.isSafeInteger(uses) || uses! < 1) {
      throw new ConfigError(`Under a budget the ${type} tool must have max_uses.`)
    }
    // The later ones filter what they find by code, which takes rounds of its own.
    if (!type.includes('_2025')) rounds = maxRounds
    bound.uses += uses!
    if (kind === 'web_search') bound.searches += uses!
  }
  // The first, one after each use, and one that hears that all are used up.
  if (rounds || bound.uses) bound.samplings = Math.min(maxRounds, Math.max(rounds, bound.uses + 2))
  return bound
}
