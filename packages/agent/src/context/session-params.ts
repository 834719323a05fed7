import type { ChatDefaults } from '@enjamb/chat'
import type { ToolUnion } from '@enjamb/core'
import { hostFacts, readInstructions } from '#host'
import { type AgentOptions, agentDefaults } from '../agent-options.ts'
import type { FrozenParams } from '../journal/entry.ts'
import { instructionsHead } from './system/instructions-head.ts'
import { toFrozenParams } from './to-frozen-params.ts'

/** The options of an agent; where a function chooses the model, with what it chose. */
export type ParamsOptions = AgentOptions & { chosenModel?: string | undefined }

/** Makes what is the same in every request of a session, of one that is resumed from what it was `before`. */
export type SessionParams = (sessionId: string, before?: FrozenParams) => Promise<FrozenParams>

/**
 * What an agent gives to each of its sessions.
 *
 * @throws {ConfigError} at once, for options that no session could be made of
 */
export function sessionParams(options: ParamsOptions, tools: readonly ToolUnion[]): SessionParams {
  const [own, defaults] = fittingAnyModel(options)
  toFrozenParams(own, { sessionId: '', tools }, defaults)
  const { instructions: wish = false, metadata, cwd } = options
  const read = () => readInstructions(cwd, wish === true ? undefined : wish || [])
  return async (sessionId, before) => {
    // Read when a session begins: whatever becomes of the files, its prompt stays.
    const instructions = wish ? (instructionsIn(before) ?? (await read())) : undefined
    const host = metadata && hostFacts()
    return toFrozenParams(own, { sessionId, tools, instructions, host }, defaults)
  }
}

/** Where the model is chosen, what else is wished holds as far as that can fulfil it. */
function fittingAnyModel({
  model,
  chosenModel,
  ...options
}: ParamsOptions): [Parameters<typeof toFrozenParams>[0], ChatDefaults] {
  if (typeof model !== 'function') return [{ ...options, model }, agentDefaults]
  const { maxTokens = agentDefaults.maxTokens, display = agentDefaults.display, thinking, effort, ...rest } = options
  return [
    { ...rest, model: chosenModel },
    { maxTokens, display, thinking, effort },
  ]
}

function instructionsIn({ system }: Partial<FrozenParams> = {}): string | undefined {
  const blocks = typeof system === 'string' ? [] : (system ?? [])
  return blocks.find(({ text }) => text.startsWith(instructionsHead))?.text
}
