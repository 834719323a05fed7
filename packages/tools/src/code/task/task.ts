import { defineInput, type InputOf } from '../define-input.ts'

/** What the model gives to Task. */
export type TaskInput = InputOf<typeof taskDefinition.input>

/** Task: work for a sub-agent. Which ones there are stands in the description of a tool made with `taskTool`. */
export const taskDefinition = {
  name: 'Task',
  description: [
    'Gives a piece of work to a sub-agent, which has a history and tools of its own, and returns its report. Use it for what would fill your own history, such as a wide search, and for pieces that do not depend on each other: call it several times at once, and they run side by side.',
    'The sub-agent knows nothing but the prompt, and nobody but you sees its report. So tell it all that it needs, whether it may change anything, and what exactly to report.',
    'With run_in_background it returns an id at once, with which TaskOutput shows the report and KillShell ends the work.',
  ].join('\n'),
  input: defineInput({
    type: 'object',
    properties: {
      description: {
        type: 'string',
        minLength: 1,
        maxLength: 200,
        pattern: '\\S',
        description: 'The work in three to five words, for whoever watches.',
      },
      prompt: {
        type: 'string',
        minLength: 1,
        maxLength: 200_000,
        pattern: '\\S',
        description: 'The work, with all that the sub-agent must know.',
      },
      subagent_type: { type: 'string', minLength: 1, maxLength: 100, description: 'Which sub-agent.' },
      model: {
        type: 'string',
        minLength: 1,
        maxLength: 100,
        description: 'Another model than the usual one: "haiku", "sonnet", "opus".',
      },
      run_in_background: { type: 'boolean', description: 'Go on without waiting for it. Default false.' },
    },
    required: ['description', 'prompt', 'subagent_type'],
  }),
}
