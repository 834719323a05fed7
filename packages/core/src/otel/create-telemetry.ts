import {
  type Attributes,
  context,
  diag,
  type Meter,
  metrics,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import type { Middleware, Outcome } from '../client/middleware.ts'
import { redact } from '../errors/redact.ts'
import { version } from '../version.ts'
import { inputContent, outputContent } from './content-attributes.ts'
import { createInstruments, type Instruments } from './instruments.ts'
import {
  errorDescription,
  errorType,
  inputTokens,
  messageAttributes,
  outputTokens,
  type PartialMessage,
} from './outcome-attributes.ts'
import { commonAttributes, given, requestAttributes } from './request-attributes.ts'

const name = '@enjamb/core'
/** The last release of the conventions that defines those for GenAI. */
const schemaUrl = 'https://opentelemetry.io/schemas/1.41.0'

/** Where spans and metrics go, and what stands in them. */
export interface TelemetryOptions {
  /** Default: the global provider's. */
  tracer?: Tracer | undefined
  /** Default: the global provider's, whichever it is at the time of a request. */
  meter?: Meter | undefined
  /** Default `'anthropic'`; on a cloud, as the conventions call it: `'aws.bedrock'`, `'gcp.vertex_ai'`, `'azure.ai.inference'`. */
  provider?: string | undefined
  /**
   * Writes what was said to the model and what it said, tools included, into the spans, and the messages of errors. That
   * may be personal, and much. Default `false`.
   */
  captureContent?: boolean | undefined
}

/**
 * A middleware that writes an OpenTelemetry span for every attempt, of kind CLIENT and named as `chat claude-haiku-4-5`,
 * and the metrics `gen_ai.client.operation.duration`, `gen_ai.client.token.usage` and, for a stream,
 * `gen_ai.client.operation.time_to_first_chunk`.
 *
 * An attempt is what middleware sees: a call that was retried twice has three spans, of which `http.request.resend_count`
 * tells the latter two; put a span of your own around the call to have them together. A span lasts until the answer is
 * read, of a stream until its end, and is the active one meanwhile for the instrumentation of HTTP. What middleware before
 * this one waits for is not in it. `error.type` is the `code` of our errors.
 *
 * @see https://github.com/open-telemetry/semantic-conventions/blob/v1.41.0/docs/gen-ai/gen-ai-spans.md
 * @example
 * const client = createClient({ middleware: [createTelemetry()] })
 */
export function createTelemetry(options: TelemetryOptions = {}): Middleware {
  const { tracer = trace.getTracerProvider().getTracer(name, version, { schemaUrl }), captureContent = false } = options
  const { provider = 'anthropic' } = options
  const instruments = instrumentsOf(options.meter)

  return (request, next) => {
    const startedAt = performance.now()
    const common = commonAttributes(request, provider)
    const operation = common['gen_ai.operation.name']
    const model = common['gen_ai.request.model']
    const span = tracer.startSpan(model ? `${operation} ${model}` : `${operation}`, {
      kind: SpanKind.CLIENT,
      attributes: { ...common, ...requestAttributes(request) },
    })
    const isChat = operation === 'chat'
    if (captureContent && isChat && span.isRecording()) guard(() => span.setAttributes(inputContent(request.params)))
    request.onOutcome((outcome) => {
      const message: PartialMessage = isChat ? Object(outcome.value) : {}
      guard(() => endSpan(span, outcome, message, startedAt, captureContent))
      span.end()
      guard(() => record(instruments(), outcome, message, startedAt, common))
    })
    return context.with(trace.setSpan(context.active(), span), () => next(request))
  }
}

/** Made once for each provider: unlike a tracer, a meter that is taken before its provider is there never works. */
function instrumentsOf(meter: Meter | undefined): () => Instruments {
  let provider: unknown
  let made: Instruments | undefined
  return () => {
    const current = metrics.getMeterProvider()
    if (made && (meter || provider === current)) return made
    provider = current
    made = createInstruments(meter ?? current.getMeter(name, version, { schemaUrl }))
    return made
  }
}

/** What goes wrong in here is no failure of the call. */
function guard(work: () => void): void {
  try {
    work()
  } catch (error) {
    diag.error('@enjamb/core/otel', error)
  }
}

function endSpan(span: Span, outcome: Outcome, message: PartialMessage, startedAt: number, withContent: boolean): void {
  const { response, error, firstContentAt } = outcome
  const type = errorType(outcome)
  span.setAttributes({
    ...messageAttributes(message),
    ...given({
      'http.response.status_code': response?.status,
      'gen_ai.response.time_to_first_chunk': secondsBetween(startedAt, firstContentAt),
      'error.type': type,
    }),
    ...(withContent && span.isRecording() ? outputContent(message) : {}),
  })
  if (type === undefined) return
  const text = withContent && error instanceof Error ? redact(error.message) : errorDescription(outcome)
  span.setStatus({ code: SpanStatusCode.ERROR, ...(text === undefined ? {} : { message: text }) })
}

function record(
  to: Instruments,
  outcome: Outcome,
  message: PartialMessage,
  startedAt: number,
  common: Attributes,
): void {
  const now = performance.now()
  const attributes = { ...common, ...given({ 'gen_ai.response.model': message.model }) }
  to.duration.record((now - startedAt) / 1000, { ...attributes, ...given({ 'error.type': errorType(outcome) }) })
  const firstChunk = secondsBetween(startedAt, outcome.firstContentAt)
  if (firstChunk !== undefined) to.firstChunk.record(firstChunk, attributes)
  const used = { input: inputTokens(message), output: outputTokens(message) }
  for (const [type, count] of Object.entries(used)) {
    if (typeof count === 'number') to.tokens.record(count, { ...attributes, 'gen_ai.token.type': type })
  }
}

function secondsBetween(startedAt: number, at: number | undefined): number | undefined {
  return at === undefined ? undefined : Math.max(at - startedAt, 0) / 1000
}
