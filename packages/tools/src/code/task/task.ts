import { z } from 'zod'

/** What the model gives to Task. */
export type TaskInput = z.infer<typeof taskDefinition.input>

/** Task: work for a sub-agent. Which ones there are stands in the description of a tool made with `taskTool`. */
export const taskDefinition = {
  name: 'Task',
  description: [
    'Gives a piece of work to a sub-agent, which has a history and tools of its own, and returns its report. Use it for what would fill your own history, such as a wide search, and for pieces that do not depend on each other: call it several times at once, and they run side by side.',
    'The sub-agent knows nothing but the prompt, and nobody but you sees its report. So tell it all that it needs, whether it may change anything, and what exactly to report.',
    'With run_in_background it returns an id at once, with which TaskOutput shows the report and KillShell ends the work.',
  ].join('\n'),
  input: z.object({
    description: z.string().trim().min(1).max(200).describe('The work in three to five words, for whoever watches.'),
    prompt: z.string().trim().min(1).max(200_000).describe('The work, with all that the sub-agent must know.'),
    subagent_type: z.string().min(1).max(100).describe('Which sub-agent.'),
    model: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe('Another model than the usual one: "haiku", "sonnet", "opus".'),
    run_in_background: z.boolean().optional().describe('Go on without waiting for it. Default false.'),
  }),
}
