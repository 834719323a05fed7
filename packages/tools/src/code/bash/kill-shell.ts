import { defineInput, type InputOf } from '../define-input.ts'

/** What the model gives to KillShell. */
export type KillShellInput = InputOf<typeof killShellDefinition.input>

/** KillShell: the end of something in the background. */
export const killShellDefinition = {
  name: 'KillShell',
  description: 'Stops a task in the background, with every process that it started, and shows the last of its output.',
  input: defineInput({
    type: 'object',
    properties: {
      shell_id: { type: 'string', minLength: 1, maxLength: 100, description: 'The id that starting it returned.' },
    },
    required: ['shell_id'],
  }),
}
