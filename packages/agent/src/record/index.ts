export { createLogFormatter, type LogOptions } from './log/create-log-formatter.ts'
export { toLog } from './log/to-log.ts'
export { type MetadataOptions, type RunMetadata, type ToolMetadata, toMetadata } from './to-metadata.ts'
export { type HTMLTraceOptions, toHTMLTrace } from './trace/to-html-trace.ts'
