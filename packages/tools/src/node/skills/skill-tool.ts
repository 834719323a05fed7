import { type SkillInput, skillDefinition } from '../../code/task/skill.ts'
import { defineTool } from '../../define/define-tool.ts'
import type { Tool } from '../../define/tool.ts'
import { readSkill, type Skill } from './load-skills.ts'

const maxListChars = 20_000

/**
 * The Skill tool: the model sees the names and descriptions of the skills, about 20,000 characters of them, and loads
 * the instructions of one when it needs them, as they are in the file by then.
 *
 * A skill may name further files in its folder. For Read to show them, the folder must be one of those that the tools
 * may use.
 */
export function skillTool(skills: readonly Skill[]): Tool<SkillInput> {
  const lines: string[] = []
  let chars = 0
  for (const { name, description } of skills) {
    const line = `- ${name}: ${description}`
    chars += line.length
    lines.push(chars > maxListChars ? `- ${name}` : line)
  }
  return defineTool({
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
}
