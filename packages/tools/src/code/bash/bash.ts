import { defineInput, type InputOf } from '../define-input.ts'

/** What the model gives to Bash. */
export type BashInput = InputOf<typeof bashDefinition.input>

/** What may be said of a shell that has other limits than the usual ones. */
export interface BashLimits {
  timeoutMs: number
  maxTimeoutMs: number
  maxOutputBytes: number
  sandboxed?: boolean
}

export function describeBash({ timeoutMs, maxTimeoutMs, maxOutputBytes, sandboxed }: BashLimits): string {
  const limits = [Math.min(timeoutMs, maxTimeoutMs), maxTimeoutMs, maxOutputBytes]
  const [usual, most, shown] = limits.map(inThousands)
  return [
    'Runs a command in a new shell and returns what it printed, standard output and errors together in the order in which they came, and its exit code if that is not 0.',
    'Only the working folder lasts: after a cd the next command starts where this one ended, as long as that is inside the folders that may be used. Variables, functions and options are gone with the shell. The paths of other tools do not follow a cd.',
    'There is no input and no terminal: a command that would ask, page or open an editor must be told not to. Few environment variables are set.',
    `It is stopped, with all that it started, after timeout milliseconds: ${usual} unless said otherwise, at most ${most}. Of long output the beginning and the end are shown, about ${shown} characters, and a file is named that has all of it: search it with a command.`,
    'What is still running when the shell ends is stopped. For a server, a watcher or anything long set run_in_background: that returns an id at once, with which TaskOutput shows what is new and KillShell stops it.',
    ...(sandboxed ? ['It runs in a sandbox: what fails there may work elsewhere, but not from here.'] : []),
    'To read, find, search, write or change files use the tools for that, which say more and are checked.',
  ].join('\n')
}

/** As `toLocaleString` does, which takes longer to load than all of the definitions. */
function inThousands(limit: number): string {
  return String(limit).replace(/\B(?=(?:\d{3})+$)/g, ',')
}

/** Bash: a command in a shell. */
export const bashDefinition = {
  name: 'Bash',
  description: describeBash({ timeoutMs: 120_000, maxTimeoutMs: 600_000, maxOutputBytes: 30_000 }),
  input: defineInput({
    type: 'object',
    properties: {
      command: { type: 'string', minLength: 1, maxLength: 100_000, description: 'The command, as typed into a shell.' },
      timeout: {
        type: 'integer',
        minimum: 1,
        description: 'After how many milliseconds to stop it. Not for background runs.',
      },
      description: {
        type: 'string',
        maxLength: 1_000,
        description: 'What it does, in a few words, for whoever watches.',
      },
      run_in_background: { type: 'boolean', description: 'Go on without waiting for it. Default false.' },
    },
    required: ['command'],
  }),
}
