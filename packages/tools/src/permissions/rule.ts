import { ConfigError } from '@enjamb/core'
import { fitsName } from '../fits-name.ts'

/** `Bash(git status:*)`: a tool, or many with `*`, and what its input must be like; without that, any input. */
export interface Rule {
  readonly tool: string
  readonly pattern: string | undefined
}

/** @throws {ConfigError} the text is not of the form `Tool` or `Tool(pattern)` */
export function toRule(text: string): Rule {
  const { tool, pattern } = /^(?<tool>[\w*-]+)(?:\((?<pattern>.+)\))?$/s.exec(text.trim())?.groups ?? {}
  if (!tool) throw new ConfigError(`A rule is like "Read" or "Bash(git status:*)"; "${text}" is not.`)
  return { tool, pattern }
}

/**
 * Is the rule one for this tool? `mcp__server` is one for all tools of the server.
 *
 * @param flags `i` for a rule that guards: one for `bash` is not to be in vain
 */
export function isFor({ tool }: Rule, name: string, flags = ''): boolean {
  return fitsName(tool, name, flags) || (/^mcp__((?!__).)+$/.test(tool) && fitsName(`${tool}__*`, name, flags))
}
