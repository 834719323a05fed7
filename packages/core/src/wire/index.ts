export type { BrowserStateBlockParam, BrowserStateChange, BrowserTab } from './browser-state.ts'
export type { Cacheable, CacheControl } from './cache-control.ts'
export type { CodeExecutionCaller, DirectCaller, ToolCaller } from './caller.ts'
export type {
  CharLocationCitation,
  Citation,
  CitationParam,
  ContentBlockLocationCitation,
  PageLocationCitation,
  SearchResultLocationCitation,
  WebSearchResultLocationCitation,
} from './citation.ts'
export type {
  BatchCreateParams,
  BatchListParams,
  BatchRequest,
  DeletedMessageBatch,
  MessageBatch,
  MessageBatchCanceledResult,
  MessageBatchErroredResult,
  MessageBatchExpiredResult,
  MessageBatchIndividualResponse,
  MessageBatchRequestCounts,
  MessageBatchResult,
  MessageBatchSucceededResult,
} from './endpoints/batch.ts'
export type { DeletedFile, FileListParams, FileMetadata } from './endpoints/file-metadata.ts'
export type {
  CapabilitySupport,
  ContextManagementCapability,
  EffortCapability,
  ModelCapabilities,
  ModelInfo,
  ModelLifecycle,
  ModelLine,
  ModelListParams,
  ServerToolsCapability,
  ThinkingCapability,
  ThinkingTypes,
} from './endpoints/model-info.ts'
export type { PageCursorParams, PageParams } from './endpoints/page.ts'
export type { JSONObject, JSONValue } from './json.ts'
export type { ModelId } from './model-id.ts'
export type {
  BetaMessageParams,
  BetaPromptParams,
  BillingPolicy,
  ClearThinkingEdit,
  ClearToolUsesEdit,
  CompactEdit,
  CompactionConfig,
  ContextEdit,
  ContextManagementConfig,
  FallbackCreditToken,
  FallbackParam,
  MCPServerParam,
  ThreadParam,
} from './request/beta-params.ts'
export type {
  BashCodeExecutionToolResultBlockParam,
  CodeExecutionToolResultBlockParam,
  ContainerUploadBlockParam,
  ContentBlockParam,
  RedactedThinkingBlockParam,
  SearchResultBlockParam,
  ServerToolUseBlockParam,
  ThinkingBlockParam,
  ToolResultBlockParam,
  ToolResultContent,
  ToolUseBlockParam,
} from './request/content-block-param.ts'
export type {
  Base64ImageSource,
  Base64PDFSource,
  FileSource,
  PlainTextSource,
  URLSource,
} from './request/content-source.ts'
export type {
  CitationsConfigParam,
  ContentBlockSource,
  DocumentBlockParam,
  ImageBlockParam,
  TextBlockParam,
} from './request/document-block-param.ts'
export type {
  AssistantMessageParam,
  MessageParam,
  SystemMessageParam,
  UserMessageParam,
} from './request/message-param.ts'
export type { Effort, JSONOutputFormat, OutputConfig, TaskBudget } from './request/output-config.ts'
export type {
  ContainerParams,
  CountTokensParams,
  MessageParams,
  Metadata,
  SkillParams,
  TokenCount,
} from './request/params.ts'
export type {
  TextEditorCodeExecutionToolResultBlockParam,
  ToolReferenceBlockParam,
  ToolSearchToolResultBlockParam,
  WebFetchResultParam,
  WebFetchToolResultBlockParam,
  WebSearchToolResultBlockParam,
} from './request/server-tool-result-param.ts'
export type {
  ThinkingConfig,
  ThinkingConfigAdaptive,
  ThinkingConfigBetweenTools,
  ThinkingConfigDisabled,
  ThinkingConfigEnabled,
  ThinkingDisplay,
} from './request/thinking.ts'
export type {
  BashCodeExecutionToolResultBlock,
  CodeExecutionToolResultBlock,
  ContainerUploadBlock,
  ContentBlock,
  DocumentBlock,
  RedactedThinkingBlock,
  ServerToolName,
  ServerToolUseBlock,
  TextBlock,
  TextEditorCodeExecutionToolResultBlock,
  ThinkingBlock,
  ToolSearchToolResultBlock,
  ToolUseBlock,
  WebFetchResult,
  WebFetchToolResultBlock,
  WebSearchToolResultBlock,
} from './response/content-block.ts'
export type { CacheMissReason, Diagnostics, DiagnosticsParam } from './response/diagnostics.ts'
export type { ErrorBody, ErrorDetails, ErrorObject, ErrorType } from './response/error-body.ts'
export type { Container, ContainerSkill, Message, RefusalStopDetails, StopReason } from './response/message.ts'
export type {
  BashCodeExecutionOutput,
  BashCodeExecutionResult,
  BashCodeExecutionToolResultError,
  CodeExecutionOutput,
  CodeExecutionResult,
  CodeExecutionToolResultError,
  EncryptedCodeExecutionResult,
  TextEditorCodeExecutionCreateResult,
  TextEditorCodeExecutionStrReplaceResult,
  TextEditorCodeExecutionToolResultError,
  TextEditorCodeExecutionViewResult,
  ToolReference,
  ToolSearchResult,
  ToolSearchToolResultError,
  WebFetchToolResultError,
  WebSearchResult,
  WebSearchToolResultError,
} from './response/server-tool-result.ts'
export type {
  CitationsDelta,
  ContentBlockDelta,
  ContentBlockDeltaEvent,
  ContentBlockStartEvent,
  ContentBlockStopEvent,
  InputJSONDelta,
  MessageDeltaEvent,
  MessageStartEvent,
  MessageStopEvent,
  PingEvent,
  SignatureDelta,
  StreamEvent,
  TextDelta,
  ThinkingDelta,
} from './response/stream-event.ts'
export type { CacheCreation, MessageDeltaUsage, OutputTokensDetails, ServerToolUsage, Usage } from './response/usage.ts'
export type { AdvisorTool, MCPToolset } from './tool/beta-tool.ts'
export type {
  CodeExecutionTool,
  ToolSearchTool,
  UserLocation,
  WebFetchTool,
  WebFetchURLSource,
  WebFetchURLSources,
  WebSearchTool,
} from './tool/server-tool.ts'
export type { BashTool, MemoryTool, TextEditorTool, ToolInputSchema, ToolParam, ToolUnion } from './tool/tool.ts'
export type { ToolChoice, ToolChoiceAny, ToolChoiceAuto, ToolChoiceNone, ToolChoiceTool } from './tool/tool-choice.ts'
export type { ClientToolOptions, ToolOptions } from './tool/tool-options.ts'
export type {
  BrowserToolName,
  BrowserToolset,
  ComputerToolName,
  ComputerToolset,
  ToolsetMemberConfig,
} from './tool/toolset.ts'
