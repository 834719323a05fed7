import { defineInput, type InputOf } from '../define-input.ts'

/** What the model gives to TaskOutput. */
export type TaskOutputInput = InputOf<typeof taskOutputDefinition.input>

/** TaskOutput: how something in the background is doing. */
export const taskOutputDefinition = {
  name: 'TaskOutput',
  description: [
    'Shows how a task in the background is doing, a command of Bash or a sub-agent of Task: whether it is running, completed, failed or killed, and what it has put out since you last asked.',
    'It waits until the task ends, but for timeout milliseconds at most: 30,000 unless said otherwise, up to 600,000. With block set to false it answers at once.',
    'Of long output the end is shown, about 30,000 characters.',
  ].join('\n'),
  input: defineInput({
    type: 'object',
    properties: {
      task_id: { type: 'string', minLength: 1, maxLength: 100, description: 'The id that starting it returned.' },
      block: { type: 'boolean', description: 'Wait for its end. Default true.' },
      timeout: {
        type: 'integer',
        minimum: 0,
        maximum: 600_000,
        description: 'How many milliseconds to wait at most. Default 30,000.',
      },
      all: { type: 'boolean', description: 'Show output again that was shown before. Default false.' },
    },
    required: ['task_id'],
  }),
}
