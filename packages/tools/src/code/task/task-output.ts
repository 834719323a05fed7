import { z } from 'zod'

/** What the model gives to TaskOutput. */
export type TaskOutputInput = z.infer<typeof taskOutputDefinition.input>

/** TaskOutput: how something in the background is doing. */
export const taskOutputDefinition = {
  name: 'TaskOutput',
  description: [
    'Shows how a task in the background is doing, a command of Bash or a sub-agent of Task: whether it is running, completed, failed or killed, and what it has put out since you last asked.',
    'It waits until the task ends, but for timeout milliseconds at most: 30,000 unless said otherwise, up to 600,000. With block set to false it answers at once.',
    'Of long output the end is shown, about 30,000 characters.',
  ].join('\n'),
  input: z.object({
    task_id: z.string().min(1).max(100).describe('The id that starting it returned.'),
    block: z.boolean().optional().describe('Wait for its end. Default true.'),
    timeout: z.int().min(0).max(600_000).optional().describe('How many milliseconds to wait at most. Default 30,000.'),
    all: z.boolean().optional().describe('Show output again that was shown before. Default false.'),
  }),
}
