import { z } from 'zod'

/** What the model gives to Skill. */
export type SkillInput = z.infer<typeof skillDefinition.input>

/**
 * Skill: instructions for a kind of work. Which ones there are stands in the description of a tool made with
 * `skillTool`.
 */
export const skillDefinition = {
  name: 'Skill',
  description:
    'Loads a skill: instructions, written down before, for a certain kind of work. When one fits what is asked, load it first and follow it. Each needs to be loaded only once.',
  input: z.object({
    skill: z.string().min(1).max(100).describe('The name of the skill.'),
    args: z.string().max(10_000).optional().describe('What it is to be used on, if the skill asks for that.'),
  }),
}
