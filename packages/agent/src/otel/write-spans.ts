import { redact, version } from '@enjamb/core'
import { messageAttributes, outputContent } from '@enjamb/core/otel'
import {
  type Attributes,
  type Context,
  context,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import type { Entry } from '../journal/entry.ts'
import { readRun } from '../record/run/read-run.ts'
import type { CallStep, ReplyStep, Run, RunTurn } from '../record/run/run.ts'
import { contentText } from '../record/text/content-text.ts'
import { agentAttributes, attributes } from './attributes.ts'

/** Where the spans of a session go, and what stands in them. */
export interface WriteSpansOptions {
  /** Default: the global provider's. */
  tracer?: Tracer | undefined
  /** What the agent is called; sub-agents have names of their own. */
  agentName?: string | undefined
  /** The entries of sub-agents' sessions, by their ids: their spans stand in those of the calls that began them. */
  children?: Readonly<Record<string, readonly Entry[]>> | undefined
  /** Only turns that began behind this entry: to write those that are new. Default 0: all of them. */
  after?: number | undefined
  /** Default `'anthropic'`; on a cloud, as the conventions call it: `'aws.bedrock'`, `'gcp.vertex_ai'`, `'azure.ai.inference'`. */
  provider?: string | undefined
  /**
   * Writes what the model said, the arguments and the results of tools, and the messages of errors. That may be personal,
   * and much. Default `false`.
   */
  captureContent?: boolean | undefined
}

interface Writing extends WriteSpansOptions {
  tracer: Tracer
  provider: string
  childOf(session: string): Run | undefined
}

const name = '@enjamb/agent'
/** The last release of the conventions that defines those for GenAI. */
const schemaUrl = 'https://opentelemetry.io/schemas/1.41.0'

/**
 * Writes OpenTelemetry spans of what a session did, with the times that its journal has: `invoke_agent` for each turn, and in
 * it `chat` for each request and `execute_tool` for each call; in that of a call that began a sub-agent, the sub-agent's.
 * All have the session's id as `gen_ai.conversation.id`. They stand in the span that is active; a turn that goes on with one
 * before has a link to it.
 *
 * Whoever has `createTelemetry` of `@enjamb/core/otel` among a client's middleware has spans of the requests already, at the
 * time that they are made.
 *
 * @see https://github.com/open-telemetry/semantic-conventions/blob/v1.41.0/docs/gen-ai/gen-ai-agent-spans.md
 * @example
 * const { entries, children } = await readRecord(store, id)
 * writeSpans(entries, { children, agentName: 'reviewer' })
 */
export function writeSpans(entries: Iterable<Entry>, options: WriteSpansOptions = {}): void {
  const {
    tracer = trace.getTracerProvider().getTracer(name, version, { schemaUrl }),
    provider = 'anthropic',
    children = {},
    after = 0,
  } = options
  const runs = new Map<string, Run | undefined>()
  const writing: Writing = {
    ...options,
    tracer,
    provider,
    childOf(session) {
      const given = Object.hasOwn(children, session) ? children[session] : undefined
      if (!runs.has(session)) runs.set(session, given && readRun(given))
      return runs.get(session)
    },
  }
  writeTurns(writing, readRun(entries), options.agentName, context.active(), new Set(), after)
}

function writeTurns(
  writing: Writing,
  run: Run,
  agent: string | undefined,
  parent: Context,
  above: ReadonlySet<Run>,
  after = 0,
): void {
  let last: SpanContext | undefined
  for (const turn of run.turns) {
    if (turn.seq > after) last = writeTurn(writing, { run, turn, agent, last }, parent, above)
  }
}

interface WrittenTurn {
  run: Run
  turn: RunTurn
  agent: string | undefined
  /** The span of the turn before. */
  last: SpanContext | undefined
}

function writeTurn(
  writing: Writing,
  { run, turn, agent, last }: WrittenTurn,
  parent: Context,
  above: ReadonlySet<Run>,
): SpanContext {
  const span = writing.tracer.startSpan(
    agent ? `invoke_agent ${agent}` : 'invoke_agent',
    {
      kind: SpanKind.INTERNAL,
      startTime: new Date(turn.startedAt),
      attributes: agentAttributes(writing.provider, run, turn, agent),
      // Of what waited for somebody, or was taken up again.
      links: turn.isResumed && last ? [{ context: last }] : [],
    },
    parent,
  )
  const inside = trace.setSpan(parent, span)
  const path = new Set([...above, run])
  for (const step of turn.steps) {
    if (step.kind === 'reply') writeReply(writing, run, step, inside)
    if (step.kind === 'call') writeCall(writing, run, step, inside, path)
  }
  const { status, error } = turn
  if (!['completed', 'waiting', 'open'].includes(status)) {
    const { code, message } = Object(error) as { code?: string; message?: string }
    fail(writing, span, code ?? status, message)
  }
  span.end(new Date(turn.endedAt))
  return span.spanContext()
}

function writeReply({ tracer, captureContent, ...writing }: Writing, run: Run, step: ReplyStep, parent: Context): void {
  const { message, entry } = step
  const model = run.params.model
  const span = tracer.startSpan(
    `chat ${model}`,
    {
      kind: SpanKind.CLIENT,
      startTime: new Date(step.startedAt),
      attributes: {
        ...attributes('chat', writing.provider, run),
        'gen_ai.request.model': model,
        'gen_ai.request.max_tokens': run.params.max_tokens,
        ...messageAttributes(message ?? {}),
        ...costAttribute(step.spending?.cost?.usd),
      },
    },
    parent,
  )
  if (captureContent && span.isRecording()) span.setAttributes(outputContent(message ?? {}))
  if (entry.type === 'part') fail({ tracer, captureContent, ...writing }, span, 'stream_interrupted', entry.why)
  span.end(new Date(step.endedAt))
}

function writeCall(writing: Writing, run: Run, step: CallStep, parent: Context, above: ReadonlySet<Run>): void {
  const { id, name: tool, input, result, startedAt, endedAt } = step
  // It waits for somebody, and has not run.
  if (step.pending && !step.decision && !result) return
  const span = writing.tracer.startSpan(
    `execute_tool ${tool}`,
    {
      kind: SpanKind.INTERNAL,
      startTime: new Date(startedAt),
      attributes: {
        ...attributes('execute_tool', writing.provider, run),
        'gen_ai.tool.name': tool,
        'gen_ai.tool.call.id': id,
        'gen_ai.tool.type': 'function',
        ...costAttribute(
          step.spending.length ? step.spending.reduce((sum, { cost }) => sum + (cost?.usd ?? 0), 0) : undefined,
        ),
      },
    },
    parent,
  )
  if (writing.captureContent && span.isRecording()) span.setAttributes(callContent(input, result?.content))
  const inside = trace.setSpan(parent, span)
  for (const { agent, session } of step.children) {
    const child = writing.childOf(session)
    if (!child || above.has(child) || above.size > 20) continue
    writeTurns(writing, child, agent, inside, above)
  }
  if (result?.isError) fail(writing, span, 'tool_error', contentText(result.content))
  span.end(new Date(endedAt))
}

function callContent(input: unknown, content: unknown): Attributes {
  return {
    'gen_ai.tool.call.arguments': redact(JSON.stringify(input) ?? ''),
    'gen_ai.tool.call.result': redact(contentText(content)),
  }
}

function costAttribute(usd: number | undefined): Attributes {
  return usd === undefined ? {} : { 'enjamb.cost_usd': usd }
}

/** @param message is content, and may quote what was said */
function fail({ captureContent }: Writing, span: Span, type: string, message: string | undefined): void {
  span.setAttribute('error.type', type)
  const said = captureContent && message ? { message: redact(message) } : {}
  span.setStatus({ code: SpanStatusCode.ERROR, ...said })
}
