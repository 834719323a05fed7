import { ConfigError } from '@enjamb/core'
import { type SkillInput, skillDefinition } from '../../code/task/skill.ts'
import { defineTool } from '../../define/define-tool.ts'
import type { Tool } from '../../define/tool.ts'
import { readSkill, type Skill } from './load-skills.ts'

const maxListChars = 20_000

/** The Skill tool. */
export interface SkillTool extends Tool<SkillInput> {
  /**
   * The same with some of its skills.
   *
   * @throws {ConfigError} there is none of a name
   */
  only(names: readonly string[]): SkillTool
}

/**
 * The Skill tool: the model sees the names and descriptions of the skills, about 20,000 characters of them, and loads
 * the instructions of one when it needs them, as they are in the file by then.
 *
 * A skill may name further files in its folder. For Read to show them, the folder must be one of those that the tools
 * may use.
 */
export function skillTool(skills: readonly Skill[]): SkillTool {
  const lines: string[] = []
  let chars = 0
  for (const { name, description } of skills) {
    const line = `- ${name}: ${description}`
    chars += line.length
    lines.push(chars > maxListChars ? `- ${name}` : line)
  }
  const tool = defineTool({
    ...skillDefinition,
    description: `${skillDefinition.description}\nThe skills:\n${lines.join('\n')}`,
    readOnly: true,
    idempotent: true,
    async run({ skill: name, args }) {
      // A name is looked for among those that were found; it never becomes a path.
      const skill = skills.find((one) => one.name === name)
      if (!skill)
        throw new Error(`There is no skill "${name}"; there are: ${skills.map((one) => one.name).join(', ')}.`)
      const { body } = await readSkill(skill.roots, name)
      const use = args ? `\n\nIt is to be used on: ${args}` : ''
      return `The skill ${name}; files that it names are in ${skill.folder}.\n\n${body}${use}`
    },
  })
  return {
    ...tool,
    only(names) {
      const unknown = names.find((name) => !skills.some((one) => one.name === name))
      if (unknown === undefined) return skillTool(skills.filter(({ name }) => names.includes(name)))
      throw new ConfigError(`There is no skill "${unknown}"; there are: ${skills.map(({ name }) => name).join(', ')}.`)
    },
  }
}
