export { inputContent, outputContent } from './content-attributes.ts'
export { createTelemetry, type TelemetryOptions } from './create-telemetry.ts'
export { messageAttributes, type PartialMessage } from './outcome-attributes.ts'
