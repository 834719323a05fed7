import type { ToolUnion } from '@enjamb/core'
import { hostFacts, readInstructions } from '#host'
import { type AgentOptions, agentDefaults } from '../agent-options.ts'
import type { FrozenParams } from '../journal/entry.ts'
import { instructionsHead } from './system/instructions-head.ts'
import { toFrozenParams } from './to-frozen-params.ts'

/** Makes what is the same in every request of a session, of one that is resumed from what it was `before`. */
export type SessionParams = (sessionId: string, before?: FrozenParams) => Promise<FrozenParams>

/**
 * What an agent gives to each of its sessions.
 *
 * @throws {ConfigError} at once, for options that no session could be made of
 */
export function sessionParams(options: AgentOptions, tools: readonly ToolUnion[]): SessionParams {
  toFrozenParams(options, { sessionId: '', tools }, agentDefaults)
  const { instructions: wish = false, metadata, cwd } = options
  const read = () => readInstructions(cwd, wish === true ? undefined : wish || [])
  return async (sessionId, before) => {
    // Read when a session begins: whatever becomes of the files, its prompt stays.
    const instructions = wish ? (instructionsIn(before) ?? (await read())) : undefined
    const host = metadata && hostFacts()
    return toFrozenParams(options, { sessionId, tools, instructions, host }, agentDefaults)
  }
}

function instructionsIn({ system }: Partial<FrozenParams> = {}): string | undefined {
  const blocks = typeof system === 'string' ? [] : (system ?? [])
  return blocks.find(({ text }) => text.startsWith(instructionsHead))?.text
}
