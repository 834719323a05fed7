import { type Meter, metrics, type Tracer, trace } from '@opentelemetry/api'
import { expectTypeOf, test } from 'vitest'
import { createClient, type Middleware } from '../index.ts'
import { createTelemetry, type TelemetryOptions } from './create-telemetry.ts'

test('telemetry is a middleware, all of whose options may be left out', () => {
  expectTypeOf(createTelemetry).parameters.toEqualTypeOf<[options?: TelemetryOptions | undefined]>()
  expectTypeOf(createTelemetry).returns.toEqualTypeOf<Middleware>()
  createClient({ middleware: [createTelemetry()] })
  createTelemetry({ tracer: trace.getTracer('x'), meter: metrics.getMeter('x'), captureContent: true })
  expectTypeOf<TelemetryOptions>().toEqualTypeOf<{
    tracer?: Tracer | undefined
    meter?: Meter | undefined
    provider?: string | undefined
    captureContent?: boolean | undefined
  }>()
})

test('content is captured or not', () => {
  // @ts-expect-error a choice of two
  createTelemetry({ captureContent: 'input' })
})
