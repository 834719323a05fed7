import { context, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  type Sampler,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'

class Reader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

export interface TelemetrySDK {
  readonly tracerProvider: BasicTracerProvider
  readonly tracer: ReturnType<BasicTracerProvider['getTracer']>
  readonly meterProvider: MeterProvider
  /** Those that have ended, in that order. */
  spans(): ReadableSpan[]
  /** Every point of every metric, by the metric's name. */
  points(): Promise<Record<string, { attributes: object; count: number; sum: number; buckets: number[] }[]>>
  close(): Promise<void>
}

/** The SDK of OpenTelemetry, writing to memory, with contexts that follow what is asynchronous. */
export function telemetrySDK(sampler?: Sampler): TelemetrySDK {
  const exporter = new InMemorySpanExporter()
  const provider = new BasicTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(exporter)],
    ...(sampler ? { sampler } : {}),
  })
  const reader = new Reader()
  const meterProvider = new MeterProvider({ readers: [reader] })
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  return {
    tracerProvider: provider,
    tracer: provider.getTracer('test'),
    meterProvider,
    spans: () => exporter.getFinishedSpans(),
    async points() {
      const { resourceMetrics } = await reader.collect()
      const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics)
      return Object.fromEntries(
        metrics.map(({ descriptor, dataPoints }) => [
          descriptor.name,
          dataPoints.map(({ attributes, value }) => {
            const {
              count,
              sum = 0,
              buckets,
            } = value as { count: number; sum?: number; buckets: { boundaries: number[] } }
            return { attributes, count, sum, buckets: buckets.boundaries }
          }),
        ]),
      )
    },
    async close() {
      context.disable()
      trace.disable()
      await provider.shutdown()
      await meterProvider.shutdown()
    },
  }
}
