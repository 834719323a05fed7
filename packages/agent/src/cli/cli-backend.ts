import { BudgetExceededError, costOf, type Logger, RequestAbortedError } from '@enjamb/core'
import type { Backend, BackendContext } from '../backend/backend.ts'
import { pause } from '../live/pause.ts'
import type { AgentEvent } from '../turn/agent-event.ts'
import { noUsage } from '../turn/no-usage.ts'
import { type CliBackendOptions, type CliSettings, toCliSettings } from './cli-backend-options.ts'
import { toEnv } from './command/to-env.ts'
import { retryPause } from './failure/retry-pause.ts'
import type { OutputFacts } from './output/output-reader.ts'
import { numberOf } from './output/program-line.ts'
import { failedServers, toolHosts, unheard } from './output/server-facts.ts'
import { modelsOfRun, spentBesides } from './output/spent-besides.ts'
import { runAttempt } from './run-attempt.ts'
import {
  beginsWith,
  keepTranscript,
  keptTranscript,
  lastRun,
  type RunNote,
  toNote,
} from './transcript/kept-transcript.ts'
import { programSession } from './transcript/program-session.ts'
import { type TranscriptFile, transcriptFile } from './transcript/transcript-file.ts'

/**
 * Has the Claude Code program of this machine do an agent's work, with the tools that it has itself. Its sessions go on wherever
 * the agent's do: its transcript is kept with the journal, and put back before it resumes.
 *
 * What fails is tried again: the API's server errors and overloads after a pause, a timeout and what is unknown at once, an answer that was too
 * long once; a refused credential, missing money, an invalid request and usage limits never. What had been answered by then is
 * gone on with, not done again.
 *
 * @throws {ConfigError} an option is not usable. A turn throws it where there is no such program
 * @throws {RateLimitError} (a turn) with `resetsAt`; {@link AuthenticationError}, {@link BillingError}, {@link ServerError} and the others of the API,
 * {@link MaxOutputTokensError}, {@link RequestTimeoutError}; {@link ClaudeProgramError} for what is none of them
 * @example
 * const agent = createAgent({ backend: cliBackend({ timeoutMs: 1_200_000 }), cwd: './project' })
 */
export function cliBackend(options: CliBackendOptions = {}): Backend {
  const settings = toCliSettings(options)
  const { logDir, logName, logAll } = settings
  const log = logDir === undefined ? undefined : { logDir, logName, logAll }
  const warn = once()
  return { name: 'The claude program', ignores, log, run: (prompt, context) => run(prompt, context, settings, warn) }
}

/** It keeps its own context, runs its own tools, and has its own way to the API. */
const ignores = [
  'tools',
  'fallbacks',
  'body',
  'betas',
  'headers',
  'fetch',
  'middleware',
  'apiVersion',
  'display',
  'thinking',
  'metadata',
  'cache',
  'compaction',
  'resultFiles',
  'maxResultChars',
  'maxAgents',
  'maxAgentDepth',
  'hooks.beforeTool',
  'hooks.afterTool',
  'hooks.beforeTurn',
  'hooks.beforeCompact',
  'hooks.afterCompact',
  'hooks.subagentStart',
  'hooks.subagentStop',
]

const goOn = 'The last run was cut off. Go on where it ended: look at what is done already, and do nothing twice.'

type Prompt = Parameters<Backend['run']>[0]

async function* run(
  prompt: Prompt,
  context: BackendContext,
  settings: CliSettings,
  warn: Warn,
): AsyncGenerator<AgentEvent> {
  const { sessionId, blobs, record, maxCost, logger } = context
  for (const option of unheard(settings.mcp)) {
    warn(logger, `The claude program cannot honour the option ${option}: it has no effect.`)
  }
  if (maxCost !== undefined && maxCost <= 0) throw nothingLeft()
  const session = programSession(sessionId)
  const cwd = context.settings.cwd ?? settings.cwd ?? '.'
  const env = await toEnv(settings, context.settings)
  const file = transcriptFile(session, cwd, env)
  const { note: last, isAnswerToLast, isRewound } = await lastRun(context.entries())
  const kept = last && (await keptTranscript(last, blobs))
  const before = kept && { ids: last.transcript, bytes: kept }
  let total = last?.total
  const hasMore = !isRewound && hasGrown(file, kept)
  let isCut = context.begun && (isAnswerToLast || hasMore)
  // What is there and was not taken back, somebody may have gone on with elsewhere: it is nobody's to throw away.
  if (isRewound || (kept && !hasMore)) file.write(kept)
  if (!last) yield* await record(...toolHosts(settings.mcp))

  for (let failed = 0; ; failed++) {
    const start = file.read()
    if (isCut) yield* await record({ type: 'context', content: goOn, by: 'claude' })
    const asked = isCut ? goOn : context.begun ? afterCut(prompt) : prompt
    const attempt = { prompt: asked, session, resumes: !!start, cwd, env }
    const { facts, exitCode, error } = yield* runAttempt(attempt, settings, context)
    for (const problem of failedServers(facts)) warn(logger, problem)
    yield* await record(...spent(facts, total))
    const bytes = file.read()
    const isWorth = !error || facts.isAnswered
    if (bytes && isWorth) {
      const transcript = await keepTranscript(bytes, before, blobs)
      const note = toRunNote(facts, total)
      total = note.total
      yield* await record(toNote({ ...note, session, path: file.path, transcript, exitCode, attempts: failed + 1 }))
    }
    if (!error) {
      if (!facts.reply) yield* await record(saidOnly(facts, context))
      return
    }
    // Nothing came of it: to ask again is to begin again.
    if (!facts.isAnswered) file.write(start)
    const pauseMs = retryPause(error, failed, settings)
    if (pauseMs === undefined || context.signal.aborted) throw error
    yield* await record({
      type: 'note',
      name: 'backend_retry',
      data: { attempt: failed + 1, pauseMs, why: error.message },
    })
    await pauseBefore(pauseMs, context.signal)
    if (facts.isAnswered) isCut = true
  }
}

type Warn = (logger: Logger | undefined, message: string) => void

/** Says everything once. */
function once(): Warn {
  const said = new Set<string>()
  return (logger, message) => {
    if (said.has(message)) return
    said.add(message)
    try {
      logger?.warn?.(message)
    } catch {
      // Whatever a logger does is no reason for work to fail.
    }
  }
}

/** Is there more than was kept? The program was at work when this process ended, or somebody has used it. */
function hasGrown(file: TranscriptFile, kept: Uint8Array | undefined): boolean {
  const bytes = file.read()
  return !!bytes && (!kept || (bytes.length > kept.length && beginsWith(bytes, kept)))
}

/** Its transcript is lost, and with it what was done. */
function afterCut(prompt: Prompt): Prompt {
  return typeof prompt === 'string' ? `${goOn}\n\n${prompt}` : [{ type: 'text', text: goOn }, ...prompt]
}

function spent(facts: OutputFacts, total: RunNote['total'] | undefined) {
  if (!facts.result) return []
  const id = String(facts.init?.session_id ?? 'claude')
  return spentBesides(modelsOfRun(facts.result, total?.models), facts.usage, id)
}

function toRunNote({ init, result }: OutputFacts, before: RunNote['total'] | undefined) {
  const total = numberOf(result?.total_cost_usd)
  return {
    version: typeof init?.claude_code_version === 'string' ? init.claude_code_version : null,
    numTurns: numberOf(result?.num_turns) ?? null,
    durationMs: numberOf(result?.duration_ms) ?? null,
    costUsd: total === undefined ? null : Math.max(0, total - (before?.costUsd ?? 0)),
    total: {
      costUsd: total ?? before?.costUsd ?? 0,
      models: result?.modelUsage ?? before?.models ?? {},
    },
  }
}

/** An answer that no model gave, as to the program's own commands. */
function saidOnly({ result }: OutputFacts, { settings }: BackendContext) {
  const text = typeof result?.result === 'string' ? result.result : ''
  const message = {
    id: crypto.randomUUID(),
    type: 'message' as const,
    role: 'assistant' as const,
    model: settings.model,
    content: text ? [{ type: 'text' as const, text, citations: null }] : [],
    stop_reason: 'end_turn' as const,
    stop_sequence: null,
    stop_details: null,
    container: null,
    diagnostics: null,
    usage: { ...noUsage },
  }
  return { type: 'reply' as const, message, cost: costOf(settings.model, noUsage) }
}

function nothingLeft(): BudgetExceededError {
  return new BudgetExceededError('Nothing is left of what may be spent.', {
    estimatedCost: 0,
    limit: 0,
    remaining: 0,
    project: 'default',
  })
}

async function pauseBefore(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, signal)
  if (signal.aborted)
    throw new RequestAbortedError('The pause before another run was aborted.', { cause: signal.reason })
}
