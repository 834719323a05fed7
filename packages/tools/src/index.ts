export { addUsage } from './add-usage.ts'
export type { CallOptions } from './call-tool.ts'
export { defineTool, type ToolOptions } from './define-tool.ts'
export type { InferInput, InputSchema } from './input-schema.ts'
export { type FromJSONSchema, type JSONSchema, jsonSchema, type TypedJSONSchema } from './json-schema.ts'
export type { Permission, PermissionContext, PermissionDecision } from './permissions/permission.ts'
export { type PermissionMode, type PermissionOptions, permissions } from './permissions/permissions.ts'
export type { Subject } from './permissions/subject.ts'
export type { AroundCall, RunOptions, RunParams } from './run-options.ts'
export { runTools } from './run-tools.ts'
export type { Tool, ToolContext, ToolEntry } from './tool.ts'
export type { ToolResultBody } from './tool-result.ts'
export type { ToolRun, ToolRunProgress, ToolRunResult } from './tool-run.ts'
export type {
  ModelStreamEvent,
  ToolCallEvent,
  ToolCallRecord,
  ToolProgressEvent,
  ToolResultEvent,
  ToolRunEvent,
  TurnEndEvent,
  TurnStartEvent,
} from './tool-run-event.ts'
export type { ToolTable } from './tool-table.ts'
export { type ToolFilter, type Toolset, toolset } from './toolset.ts'
export { TurnLimitError } from './turn-limit-error.ts'
export { type JSONIssue, validateJSON } from './validate-json.ts'
export { type ToolLedger, withLedger } from './with-ledger.ts'
