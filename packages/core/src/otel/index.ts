export { createTelemetry, type TelemetryOptions } from './create-telemetry.ts'
