import { ConfigError } from '@enjamb/core'
import { general, type Subagent } from './subagent.ts'

/**
 * The sub-agents that are to be had: those given, and `general`, unless one of them has this name.
 *
 * @throws {ConfigError} two have one name, or one is none
 */
export function allAgents(given: readonly Subagent[]): readonly Subagent[] {
  const names = given.map(({ name }) => name)
  for (const [index, name] of names.entries()) {
    if (!/^[\w-]{1,64}$/.test(name))
      throw new ConfigError(`A sub-agent's name is like "code-review"; "${name}" is not.`)
    if (names.indexOf(name) !== index) throw new ConfigError(`agents must name each once; there are two "${name}".`)
    if (!given[index]?.description?.trim()) throw new ConfigError(`The sub-agent "${name}" must have a description.`)
  }
  return names.includes(general.name) ? given : [...given, general]
}

/** @throws {ConfigError} there is none of a name */
export function pickAgents(agents: readonly Subagent[], names: readonly string[]): readonly Subagent[] {
  return names.map((name) => {
    const agent = agents.find((one) => one.name === name)
    if (agent) return agent
    throw new ConfigError(`There is no sub-agent "${name}"; there are: ${agents.map(({ name }) => name).join(', ')}.`)
  })
}
