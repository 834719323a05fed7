import { defineInput, type InputOf } from '../define-input.ts'

/** What the model gives to TodoWrite. */
export type TodoWriteInput = InputOf<typeof todoWriteDefinition.input>

/** TodoWrite: the list of what there is to do. */
export const todoWriteDefinition = {
  name: 'TodoWrite',
  description: [
    'Writes down what there is to do, in place of the list before: give all of it every time. Whoever watches sees it.',
    'Use it for work of several steps. Set a step to in_progress when you begin it, one at a time, and to completed as soon as it is done and works; leave it in_progress if something keeps you from finishing it. Add steps as you find them. What one or two calls do needs no list.',
  ].join('\n'),
  input: defineInput(
    {
      type: 'object',
      properties: {
        todos: {
          maxItems: 200,
          type: 'array',
          items: {
            type: 'object',
            properties: {
              content: {
                type: 'string',
                minLength: 1,
                maxLength: 1_000,
                pattern: '\\S',
                description: 'What to do, such as "Run the tests".',
              },
              status: { type: 'string', enum: ['pending', 'in_progress', 'completed'] },
              activeForm: {
                type: 'string',
                maxLength: 1_000,
                description: 'The same while it is done: "Running the tests".',
              },
            },
            required: ['content', 'status'],
          },
          description: 'All steps, in the order in which they are to be done.',
        },
      },
      required: ['todos'],
    },
    ({ todos }) =>
      todos.filter(({ status }) => status === 'in_progress').length > 1
        ? [{ path: ['todos'], message: 'only one can be in_progress' }]
        : [],
  ),
}
