import { Buffer } from 'node:buffer'
import { constants } from 'node:os'
import { type BashInput, bashDefinition, describeBash } from '../../code/bash/bash.ts'
import { defineTool } from '../../define/define-tool.ts'
import type { Tool } from '../../define/tool.ts'
import { createRoots, type FolderOptions } from '../files/roots.ts'
import type { BackgroundTasks } from '../process/background-tasks.ts'
import { keepAlive } from '../process/keep-alive.ts'
import { createOutputSpool } from '../process/output-spool.ts'
import type { OutputTail } from '../process/output-tail.ts'
import { toOutputText } from '../process/output-text.ts'
import { type BashOptions, toBashSettings } from './bash-options.ts'
import { type ShellEnd, type ShellProcess, startShell, toScript } from './shell-process.ts'
import { createWorkingFolder } from './working-folder.ts'

/**
 * The Bash tool: each command runs in a new shell, in the folder that the one before ended in, without input and
 * without a terminal.
 *
 * **A command can do whatever the user of this process can.** Unlike the tools for files it is not kept to the folders;
 * only its working folder is, which goes back to `cwd` when a command ends elsewhere. For what you do not trust use a
 * `sandbox`, or ask before each call.
 *
 * When a command times out, is aborted, or ends and leaves something running, its process group gets `SIGTERM` and then
 * `SIGKILL`. On Linux so do processes that left the group (`setsid`) while their parents live. Daemons, which left both,
 * are stopped with a command that is stopped, and stay after one that ends; those that began with another environment
 * (`env -i`) or belong to another user are not found. And nothing is stopped when this
 * process itself ends by `SIGKILL`.
 *
 * It needs a POSIX system: on Windows, run Node in WSL.
 *
 * @param tasks where commands run that go on in the background
 * @throws {ConfigError} one of the folders does not exist, or a limit makes no sense
 */
export function bashTool(options: FolderOptions & BashOptions, tasks: BackgroundTasks): Tool<BashInput> {
  const roots = createRoots(options)
  const folder = createWorkingFolder(roots)
  const settings = toBashSettings(options, roots)
  const { timeoutMs, maxTimeoutMs, maxOutputBytes, sandbox, shell } = settings
  const cleanUp = () => sandbox?.cleanupAfterCommand?.()

  return defineTool({
    ...bashDefinition,
    description: describeBash({ ...settings, sandboxed: !!sandbox }),
    // Its own time limit is shorter, and lets it say what there was to see.
    timeoutMs: 0,
    async run({ command, timeout = timeoutMs, run_in_background }, { signal }) {
      refuseUnusable(command)
      const cwd = await folder.get()
      const inner = toScript(command)
      const script = sandbox ? await sandbox.wrapWithSandbox(inner, shell, undefined, signal) : inner
      const start = (output: Pick<OutputTail, 'push'>) => {
        const { ended, kill } = startShell({ ...settings, script, cwd, output })
        return { ended: ended.finally(cleanUp), kill }
      }
      const output = createOutputSpool(maxOutputBytes)
      let shellProcess: ShellProcess
      try {
        refuseLong(script)
        signal.throwIfAborted()
        if (run_in_background) {
          const { id } = tasks.start('bash', (into) => {
            const { ended, kill } = start(into)
            return { ended: ended.then((end) => ({ outcome: describeEnd(end).join(' ') })), kill }
          })
          return `Running in the background as ${id}.`
        }
        shellProcess = start(output)
      } catch (error) {
        // The sandbox counts what it has wrapped, run or not.
        cleanUp()
        throw error
      }
      const limitMs = Math.min(timeout, maxTimeoutMs)
      const { end, timedOut } = await waitFor(shellProcess, limitMs, signal).finally(output.close)
      const notes = timedOut ? [`Stopped after ${limitMs} ms: its time was up.`] : describeEnd(end)
      const moved = end.folder && (await folder.moveTo(end.folder))
      return toOutputText(output.read(), [...notes.filter((note) => note !== 'Exit code 0.'), moved || undefined])
    },
  })
}

/** Until its end, which comes early when the time is up or the signal aborts. */
async function waitFor({ ended, kill }: ShellProcess, limitMs: number, signal: AbortSignal) {
  let timedOut = false
  const timer = setTimeout(() => {
    timedOut = true
    kill()
  }, limitMs).unref()
  signal.addEventListener('abort', kill)
  try {
    const end = await keepAlive(ended, signal)
    return { end, timedOut }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', kill)
  }
}

function refuseUnusable(command: string): void {
  if (process.platform === 'win32') throw new Error('Commands cannot be run on Windows.')
  if (command.includes('\0')) throw new Error('A command cannot contain a NUL character.')
}

// Linux takes no longer argument, the zero at its end included.
const maxScriptBytes = 128 * 1024 - 1

function refuseLong(script: string): void {
  if (Buffer.byteLength(script) <= maxScriptBytes) return
  throw new Error('The command is too long. Write it to a file, and run that.')
}

function describeEnd({ exitCode, signal, leftRunning }: ShellEnd): string[] {
  // A shell reports a command that a signal ended as 128 and more.
  const name = Object.entries(constants.signals).find(([, number]) => number + 128 === exitCode)?.[0]
  const how = signal ? `Ended by ${signal}.` : `Exit code ${exitCode}${name ? ` (${name})` : ''}.`
  return leftRunning ? [how, 'What it left running was stopped: use run_in_background for that.'] : [how]
}
