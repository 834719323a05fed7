import { defineInput, type InputOf } from '../define-input.ts'

/** What the model gives to Skill. */
export type SkillInput = InputOf<typeof skillDefinition.input>

/**
 * Skill: instructions for a kind of work. Which ones there are stands in the description of a tool made with
 * `skillTool`.
 */
export const skillDefinition = {
  name: 'Skill',
  description:
    'Loads a skill: instructions, written down before, for a certain kind of work. When one fits what is asked, load it first and follow it. Each needs to be loaded only once.',
  input: defineInput({
    type: 'object',
    properties: {
      skill: { type: 'string', minLength: 1, maxLength: 100, description: 'The name of the skill.' },
      args: { type: 'string', maxLength: 10_000, description: 'What it is to be used on, if the skill asks for that.' },
    },
    required: ['skill'],
  }),
}
