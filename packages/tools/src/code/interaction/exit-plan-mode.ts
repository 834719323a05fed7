import { defineInput, type InputOf } from '../define-input.ts'

/** What the model gives to ExitPlanMode. */
export type ExitPlanModeInput = InputOf<typeof exitPlanModeDefinition.input>

/** ExitPlanMode: shows a plan, to begin with it once it is agreed on. */
export const exitPlanModeDefinition = {
  name: 'ExitPlanMode',
  description: [
    'Shows the user your plan and asks whether to go ahead with it. The answer says whether you may, and perhaps what to do otherwise.',
    'Use it only when you have planned changes; for an answer or the result of research no plan is needed. Ask what is unclear with AskUserQuestion before, and not whether the plan is good: that is asked here.',
  ].join('\n'),
  input: defineInput({
    type: 'object',
    properties: {
      plan: {
        type: 'string',
        minLength: 1,
        maxLength: 100_000,
        pattern: '\\S',
        description: 'The plan in Markdown: what is changed, where, and how it is checked.',
      },
    },
    required: ['plan'],
  }),
}
