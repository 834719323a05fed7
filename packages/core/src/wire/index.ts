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
} from './batch.ts'
export type { BrowserStateBlockParam, BrowserStateChange, BrowserTab } from './browser-state.ts'
export type { CacheControl } from './cache-control.ts'
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
} from './content-block.ts'
export type {
  BashCodeExecutionToolResultBlockParam,
  Cacheable,
  CitationsConfigParam,
  CodeExecutionToolResultBlockParam,
  ContainerUploadBlockParam,
  ContentBlockParam,
  ContentBlockSource,
  DocumentBlockParam,
  ImageBlockParam,
  RedactedThinkingBlockParam,
  SearchResultBlockParam,
  ServerToolUseBlockParam,
  TextBlockParam,
  ThinkingBlockParam,
  ToolResultBlockParam,
  ToolResultContent,
  ToolUseBlockParam,
} from './content-block-param.ts'
export type { Base64ImageSource, Base64PDFSource, FileSource, PlainTextSource, URLSource } from './content-source.ts'
export type { CacheMissReason, Diagnostics, DiagnosticsParam } from './diagnostics.ts'
export type { ErrorBody, ErrorDetails, ErrorObject, ErrorType } from './error-body.ts'
export type { DeletedFile, FileListParams, FileMetadata } from './file-metadata.ts'
export type { JSONObject, JSONValue } from './json.ts'
export type { Container, ContainerSkill, Message, RefusalStopDetails, StopReason } from './message.ts'
export type { AssistantMessageParam, MessageParam, SystemMessageParam, UserMessageParam } from './message-param.ts'
export type { ModelId } from './model-id.ts'
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
} from './model-info.ts'
export type { PageCursorParams, PageParams } from './page.ts'
export type {
  ContainerParams,
  CountTokensParams,
  Effort,
  JSONOutputFormat,
  MessageParams,
  Metadata,
  OutputConfig,
  SkillParams,
  TokenCount,
} from './params.ts'
export type {
  CodeExecutionTool,
  ToolSearchTool,
  UserLocation,
  WebFetchTool,
  WebFetchURLSource,
  WebFetchURLSources,
  WebSearchTool,
} from './server-tool.ts'
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
} from './server-tool-result.ts'
export type {
  TextEditorCodeExecutionToolResultBlockParam,
  ToolReferenceBlockParam,
  ToolSearchToolResultBlockParam,
  WebFetchResultParam,
  WebFetchToolResultBlockParam,
  WebSearchToolResultBlockParam,
} from './server-tool-result-param.ts'
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
} from './stream-event.ts'
export type {
  ThinkingConfig,
  ThinkingConfigAdaptive,
  ThinkingConfigBetweenTools,
  ThinkingConfigDisabled,
  ThinkingConfigEnabled,
  ThinkingDisplay,
} from './thinking.ts'
export type {
  BashTool,
  ClientToolOptions,
  MemoryTool,
  TextEditorTool,
  ToolChoice,
  ToolChoiceAny,
  ToolChoiceAuto,
  ToolChoiceNone,
  ToolChoiceTool,
  ToolInputSchema,
  ToolOptions,
  ToolParam,
  ToolUnion,
} from './tool.ts'
export type {
  BrowserToolName,
  BrowserToolset,
  ComputerToolName,
  ComputerToolset,
  ToolsetMemberConfig,
} from './toolset.ts'
export type { CacheCreation, MessageDeltaUsage, OutputTokensDetails, ServerToolUsage, Usage } from './usage.ts'
