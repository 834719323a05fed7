// What schemas and sums of usage need stands in `core`, as `chat` needs it, too.
export {
  addUsage,
  type FromJSONSchema,
  type JSONIssue,
  type JSONSchema,
  jsonSchema,
  type TypedJSONSchema,
  validateJSON,
  withReply,
} from '@enjamb/core'

export type { CallOptions } from './call/call-tool.ts'
export { resultBlock, type ToolResultBody } from './call/tool-result.ts'
export type { ToolTable } from './call/tool-table.ts'
export { defineTool, type ToolOptions } from './define/define-tool.ts'
export type { FileAccess, FileStamp } from './define/file-access.ts'
export type { InferInput, InputSchema } from './define/input-schema.ts'
export { strictTool } from './define/strict-tool.ts'
export type { FileChange, Tool, ToolContext, ToolEntry } from './define/tool.ts'
export { fitsName } from './fits-name.ts'
export { openCalls } from './loop/history.ts'
export { createThread, type Thread } from './loop/layers/create-thread.ts'
export { limitMedia, type MediaLimits, mediaWithin } from './loop/layers/limit-media.ts'
export { wholeMessage } from './loop/layers/whole-message.ts'
export { type ToolLedger, withLedger } from './loop/layers/with-ledger.ts'
export { refusalText, withPermission } from './loop/layers/with-permission.ts'
export type { AroundCall, Ask, Deferred, RunOptions, RunParams } from './loop/run-options.ts'
export { runTools } from './loop/run-tools.ts'
export type { ToolRun, ToolRunProgress, ToolRunResult } from './loop/tool-run.ts'
export type {
  BlockRefusedEvent,
  ModelStreamEvent,
  ToolCallEvent,
  ToolCallRecord,
  ToolDeferredEvent,
  ToolProgressEvent,
  ToolResultEvent,
  ToolRunEvent,
  TurnEndEvent,
  TurnStartEvent,
} from './loop/tool-run-event.ts'
export { TurnLimitError } from './loop/turn-limit-error.ts'
export { withoutThinking } from './loop/without-thinking.ts'
export type { Permission, PermissionContext, PermissionDecision } from './permissions/permission.ts'
export {
  type PermissionMode,
  type PermissionOptions,
  type PermissionRules,
  permissions,
  type RulePermission,
} from './permissions/permissions.ts'
export type { Subject } from './permissions/subject.ts'
export { type ToolFilter, type Toolset, type ToolsetChat, toolset } from './toolset.ts'
