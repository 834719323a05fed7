import { z } from 'zod'

/** What the model gives to TodoWrite. */
export type TodoWriteInput = z.infer<typeof todoWriteDefinition.input>

/** TodoWrite: the list of what there is to do. */
export const todoWriteDefinition = {
  name: 'TodoWrite',
  description: [
    'Writes down what there is to do, in place of the list before: give all of it every time. Whoever watches sees it.',
    'Use it for work of several steps. Set a step to in_progress when you begin it, one at a time, and to completed as soon as it is done and works; leave it in_progress if something keeps you from finishing it. Add steps as you find them. What one or two calls do needs no list.',
  ].join('\n'),
  input: z.object({
    todos: z
      .array(
        z.object({
          content: z.string().trim().min(1).max(1_000).describe('What to do, such as "Run the tests".'),
          status: z.enum(['pending', 'in_progress', 'completed']),
          activeForm: z.string().max(1_000).optional().describe('The same while it is done: "Running the tests".'),
        }),
      )
      .max(200)
      .refine((todos) => todos.filter(({ status }) => status === 'in_progress').length <= 1, {
        error: 'only one can be in_progress',
      })
      .describe('All steps, in the order in which they are to be done.'),
  }),
}
