import {
  costOf,
  isEnjambError,
  type Message,
  onAbort,
  parseNDJSON,
  RateLimitError,
  RequestAbortedError,
  RequestTimeoutError,
  startTimer,
} from '@enjamb/core'
import { type Program, startProgram } from '@enjamb/tools/node'
import type { BackendContext } from '../backend/backend.ts'
import { unfinished } from '../journal/fold.ts'
import type { AgentEvent } from '../turn/agent-event.ts'
import type { CliSettings } from './cli-backend-options.ts'
import { writeMcpFile } from './command/mcp-file.ts'
import { toArgs } from './command/to-args.ts'
import { toInput } from './command/to-input.ts'
import { retryPause } from './failure/retry-pause.ts'
import { toFailure, toStartError } from './failure/to-failure.ts'
import { createOutputReader, type OutputFacts } from './output/output-reader.ts'
import { stderrLines } from './output/stderr-lines.ts'

/** One run of the program. */
export interface Attempt {
  prompt: Parameters<typeof toInput>[0]
  session: string
  resumes: boolean
  cwd: string
  env: Record<string, string>
}

/** What came of it. */
export interface AttemptOutcome {
  facts: OutputFacts
  exitCode: number | null
  /** Why there is no answer. */
  error?: Error | undefined
}

/** Runs the program once. Whatever it says is in the journal when it is told; how it ended is the outcome. */
export async function* runAttempt(
  attempt: Attempt,
  settings: CliSettings,
  context: BackendContext,
): AsyncGenerator<AgentEvent, AttemptOutcome> {
  const { command, mcp = {}, timeoutMs, killAfterMs } = settings
  const { record, signal, format } = context
  const { input, hasBlocks } = toInput(attempt.prompt)
  const file = Object.keys(mcp).length ? writeMcpFile(mcp) : undefined
  const reader = createOutputReader(context, !!format)
  const { facts } = reader
  const args = toArgs(settings, context, { ...attempt, hasBlocks, mcpFile: file?.path })
  const { cwd, env } = attempt
  const files = file ? [file.path] : []
  const program = startProgram({ command, args, cwd, env, input, files, killAfterMs })
  const stderr = stderrLines(program.stderr)
  const unparsed: string[] = []
  /** What we ended it for. */
  let stopped: Error | undefined
  function stop(error: Error): void {
    stopped ??= error
    program.kill()
  }
  const abort = () =>
    stop(new RequestAbortedError('The run of the claude program was aborted.', { cause: signal.reason }))
  const clears = [
    onAbort(signal, abort),
    ...(timeoutMs
      ? [
          startTimer(timeoutMs, () =>
            stop(new RequestTimeoutError(`The claude program had no result after ${timeoutMs} ms.`)),
          ),
        ]
      : []),
  ]
  if (signal.aborted) abort()

  /** What came beside the events. */
  async function* aside(isOver = false): AsyncGenerator<AgentEvent> {
    const lines = stderr.take(isOver)
    if (lines) yield* await record({ type: 'note', name: 'stderr', data: lines })
    if (unparsed.length) yield* await record({ type: 'note', name: 'unparsed', data: unparsed.splice(0).join('\n') })
  }

  let end: Awaited<Program['ended']> | undefined
  try {
    for await (const line of parseNDJSON(program.stdout, { onUnparsed: (text) => unparsed.push(text) })) {
      yield* aside()
      yield* reader.line(line)
      const known = hopeless(facts)
      if (known) stop(known)
    }
    end = await program.ended
  } catch (error) {
    // What is wrong with its output is a failure of the program; what cannot be started, or written down, is not.
    if (!isEnjambError(error) || error.code !== 'stream_parse') throw toStartError(error, command)
    stopped ??= error
  } finally {
    for (const clear of clears) clear()
    if (!end) program.kill()
    end ??= await program.ended.catch(() => undefined)
    file?.remove()
  }
  yield* reader.end()
  yield* aside(true)
  const { exitCode = null, signal: by = null } = end ?? {}
  const { result } = facts
  if (result?.subtype === 'success' && !result.is_error) return { facts, exitCode }
  const { part, open } = reader
  const error = stopped ?? toFailure(facts, { exitCode, signal: by, stderr: stderr.tail }, part)
  if (part) yield* await keepPart(part, error instanceof RequestAbortedError, context)
  yield* await record(...open.map((id) => ({ type: 'result' as const, id, ...unfinished({ readOnly: false }), ms: 0 })))
  return { facts, exitCode, error }
}

/** The program would try again what cannot come to anything: a refused credential ten times over. */
function hopeless(facts: OutputFacts): Error | undefined {
  if (!facts.isRetrying) return undefined
  facts.isRetrying = false
  const error = toFailure(facts, { exitCode: null, signal: null, stderr: '' }, undefined)
  // One that is none of spending passes.
  if (error instanceof RateLimitError && error.errorCode !== 'usage_limit') return undefined
  return retryPause(error, 0, { retries: 1, retryDelayMs: 0 }) === undefined ? error : undefined
}

async function keepPart(part: Message, isInterrupted: boolean, { record }: BackendContext): Promise<AgentEvent[]> {
  const { model, usage } = part
  // Of calls that it was writing nothing is known; those that it made are not in there.
  const content = part.content.filter((block) => block.type === 'text' && block.text.trim())
  const kept = isInterrupted && content.length > 0
  const why = isInterrupted ? 'interrupted' : 'broken off'
  return record({ type: 'part', message: { ...part, content }, cost: costOf(model, usage, part), why, kept })
}
