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
  advisors: AdvisorBound[]
}

/** Another model that may be asked for advice. */
export interface AdvisorBound {
  model: string
  uses: number
  /** The most that it may write each time; `undefined`: as much as the model can. */
  maxTokens: number | undefined
  cache: '5m' | '1h' | undefined
}

/** A tool search finds three to five tools. */
const found = 5

/** The API pauses a turn (`pause_turn`) after as many rounds with its own tools. */
const maxRounds = 10

/** Tools whose work has no bound in the request, or a price that usage does not tell, are not among them. */
const bounded = /^(web_search|web_fetch|tool_search_tool|advisor)_/
const clientSide = /^(custom$|(bash|text_editor|memory|browser_toolset|computer_toolset)_)/

interface AdvisorTool {
  model: string
  max_tokens?: number | null
  caching?: { ttl?: '5m' | '1h' }
}

/** @throws {ConfigError} a tool has no bound: `max_uses` is missing, or nothing could bound it */
export function boundServerTools({ tools = [] }: Pick<MessageParams, 'tools'>): ServerToolBound {
  const bound: ServerToolBound = { samplings: 1, searches: 0, uses: 0, definitions: 0, advisors: [] }
  let rounds = 0
  let advised = 0
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
    if (kind === 'advisor') {
      const { model, max_tokens: maxTokens, caching } = tool as unknown as AdvisorTool
      bound.advisors.push({
        model,
        uses: uses!,
        maxTokens: maxTokens ?? undefined,
        cache: caching && (caching.ttl ?? '5m'),
      })
      advised += uses!
      continue
    }
    // The later ones filter what they find by code, which takes rounds of its own.
    if (!type.includes('_2025')) rounds = maxRounds
    bound.uses += uses!
    if (kind === 'web_search') bound.searches += uses!
  }
  // The first, one after each use, and one that hears that all are used up.
  const uses = bound.uses + advised
  if (rounds || uses) bound.samplings = Math.min(maxRounds, Math.max(rounds, uses + 2))
  return bound
}
