import { z } from 'zod'

/** What the model gives to KillShell. */
export type KillShellInput = z.infer<typeof killShellDefinition.input>

/** KillShell: the end of something in the background. */
export const killShellDefinition = {
  name: 'KillShell',
  description: 'Stops a task in the background, with every process that it started, and shows the last of its output.',
  input: z.object({ shell_id: z.string().min(1).max(100).describe('The id that starting it returned.') }),
}
