import { type ChatDefaults, toParams } from '@enjamb/chat'
import { ConfigError, findModel, resolveModel, type ToolUnion } from '@enjamb/core'
import type { FrozenParams } from '../journal/entry.ts'
import type { ContextOptions } from './context-options.ts'
import { toSystem } from './system/to-system.ts'
import { type HostFacts, toUserId } from './system/to-user-id.ts'
import { type Fallbacks, toFallbacks } from './to-fallbacks.ts'

/** What a session is made of beside its options. */
export interface FrozenContext {
  sessionId: string
  /** As they are sent. */
  tools?: readonly ToolUnion[] | undefined
  /** The text of the project's own, where they are asked for. */
  instructions?: string | undefined
  host?: HostFacts | undefined
}

type Options = ContextOptions & Omit<ChatDefaults, 'system' | 'cache'> & { fallbacks?: Fallbacks | undefined }

/**
 * What is the same in every request of a session, down to its order: so that the next one begins with what the API has cached.
 * Marks for the cache are not among it, as they may change at any time.
 *
 * @param defaults stand where the options say nothing, as far as the model can fulfil them
 * @throws {ConfigError} the model is neither an id nor an alias, or cannot do what the options ask for; a system prompt is
 * neither text nor blocks of text
 */
export function toFrozenParams(
  options: Options,
  { sessionId, tools = [], instructions, host }: FrozenContext,
  defaults: ChatDefaults = {},
): FrozenParams {
  const { system, appendSystem, metadata, cache: _, instructions: __, cwd: ___, compaction: ____, ...chat } = options
  checkTexts('system', system)
  checkTexts('appendSystem', appendSystem)
  const model = resolveModel(options.model ?? defaults.model ?? 'sonnet')
  const most = findModel(model)?.maxOutputTokens ?? Number.POSITIVE_INFINITY
  const fitting = { ...defaults, ...(defaults.maxTokens && { maxTokens: Math.min(defaults.maxTokens, most) }) }
  const { messages, ...params } = toParams([], { ...chat, model }, fitting)
  const blocks = toSystem({ system, appendSystem }, model, instructions)
  const user_id = metadata && toUserId(metadata, sessionId, host)
  return {
    ...params,
    ...toFallbacks(options.fallbacks, params.betas),
    ...(tools.length > 0 && { tools: [...tools] }),
    ...(blocks && { system: blocks }),
    ...(user_id && { metadata: { user_id } }),
  }
}

function checkTexts(name: string, texts: unknown): void {
  const isText = (block: unknown) => Object(block).type === 'text' && typeof Object(block).text === 'string'
  if (texts === undefined || typeof texts === 'string' || (Array.isArray(texts) && texts.every(isText))) return
  throw new ConfigError(`${name} must be a text, or a list of blocks of the type "text".`)
}
