import type { Histogram, Meter } from '@opentelemetry/api'

export interface Instruments {
  readonly duration: Histogram
  readonly tokens: Histogram
  readonly firstChunk: Histogram
}

const seconds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92]
const counts = Array.from({ length: 14 }, (_, power) => 4 ** power)

/** The client metrics of the conventions, with the bounds that they advise. */
export function createInstruments(meter: Meter): Instruments {
  return {
    duration: meter.createHistogram('gen_ai.client.operation.duration', {
      description: 'GenAI operation duration.',
      unit: 's',
      advice: { explicitBucketBoundaries: seconds },
    }),
    tokens: meter.createHistogram('gen_ai.client.token.usage', {
      description: 'Number of input and output tokens used.',
      unit: '{token}',
      advice: { explicitBucketBoundaries: counts },
    }),
    firstChunk: meter.createHistogram('gen_ai.client.operation.time_to_first_chunk', {
      description: 'Time to receive the first chunk of a stream.',
      unit: 's',
      advice: { explicitBucketBoundaries: seconds },
    }),
  }
}
