export {
  type Client,
  type ClientOptions,
  type Credential,
  type CredentialRequest,
  createClient,
  withOptions,
} from './client/client.ts'
export type { Logger } from './client/logger.ts'
export type { Middleware, Outcome, OutgoingRequest } from './client/middleware.ts'
export { countTokens } from './count-tokens.ts'
export { createMessage } from './create-message.ts'
export { batchResults } from './endpoints/batch-results.ts'
export { cancelBatch } from './endpoints/cancel-batch.ts'
export { checkHealth, type Health, type ServiceHealth } from './endpoints/check-health.ts'
export { createBatch } from './endpoints/create-batch.ts'
export { deleteBatch } from './endpoints/delete-batch.ts'
export { deleteFile } from './endpoints/delete-file.ts'
export { downloadFile, type FileResponse } from './endpoints/download-file.ts'
export { listBatches } from './endpoints/list-batches.ts'
export { listFiles } from './endpoints/list-files.ts'
export { listModels } from './endpoints/list-models.ts'
export { retrieveBatch } from './endpoints/retrieve-batch.ts'
export { retrieveFile } from './endpoints/retrieve-file.ts'
export { retrieveModel } from './endpoints/retrieve-model.ts'
export { type FileUploadParams, uploadFile } from './endpoints/upload-file.ts'
export { APIError, type APIErrorFields } from './errors/api-error.ts'
export { apiErrorFromBody } from './errors/api-error-from-body.ts'
export { apiErrorFromEvent } from './errors/api-error-from-event.ts'
export { AuthenticationError } from './errors/authentication-error.ts'
export { BillingError } from './errors/billing-error.ts'
export { BudgetExceededError, type BudgetExceededErrorFields } from './errors/budget-exceeded-error.ts'
export { ConfigError } from './errors/config-error.ts'
export { ConflictError } from './errors/conflict-error.ts'
export { ConnectionError } from './errors/connection-error.ts'
export { EnjambError, type ErrorFields, isEnjambError } from './errors/enjamb-error.ts'
export { type ErrorJSON, errorFromJSON, errorToJSON } from './errors/error-json.ts'
export { IdleTimeoutError } from './errors/idle-timeout-error.ts'
export { InvalidRequestError } from './errors/invalid-request-error.ts'
export { MaxOutputTokensError, type MaxOutputTokensErrorFields } from './errors/max-output-tokens-error.ts'
export { NotFoundError } from './errors/not-found-error.ts'
export { OverloadedError } from './errors/overloaded-error.ts'
export { PermissionDeniedError } from './errors/permission-denied-error.ts'
export { RateLimitError } from './errors/rate-limit-error.ts'
export { RequestAbortedError } from './errors/request-aborted-error.ts'
export { RequestTimeoutError } from './errors/request-timeout-error.ts'
export { RequestTooLargeError } from './errors/request-too-large-error.ts'
export { ServerError } from './errors/server-error.ts'
export { StreamInterruptedError, type StreamInterruptedErrorFields } from './errors/stream-interrupted-error.ts'
export { StreamParseError } from './errors/stream-parse-error.ts'
export { asConnectionError } from './http/as-connection-error.ts'
export type { HeaderChange, HeaderOverrides } from './http/merge-headers.ts'
export { readJSON } from './http/read-json.ts'
export type { RetryOptions } from './http/retry.ts'
export type { RetryRule } from './http/retry-policy.ts'
export { type Exchange, type RequestOptions, type RequestSpec, send } from './http/send.ts'
export { countRequest, messageRequest } from './message-request.ts'
export { type Cost, costOf, type PricedUsage } from './models/cost-of.ts'
export { findModel } from './models/find-model.ts'
export type { Model, ModelPrices, TokenPrices } from './models/model.ts'
export { models } from './models/models.generated.ts'
export { type ModelAlias, resolveModel } from './models/resolve-model.ts'
export { type SelectModelOptions, selectModel } from './models/select-model.ts'
export { sumCosts } from './models/sum-costs.ts'
export { type ParseNDJSONOptions, parseNDJSON } from './ndjson/parse-ndjson.ts'
export { createPacer, type Pacer, type PacerOptions } from './pacing/create-pacer.ts'
export { parseRateLimits, type RateLimits } from './pacing/parse-rate-limits.ts'
export type { RateLimit } from './pacing/rate-limit.ts'
export { toStrictSchema } from './schema/to-strict-schema.ts'
export type { Budget } from './usage/budgets.ts'
export { memoryUsageStore } from './usage/memory-usage-store.ts'
export type { UsagePeriod } from './usage/period.ts'
export type { Reservation } from './usage/reservation.ts'
export type { ThresholdEvent } from './usage/thresholds.ts'
export { createUsageMeter, type UsageMeter, type UsageMeterOptions } from './usage/usage-meter.ts'
export type { ModelUsage, UsageStats } from './usage/usage-stats.ts'
export type {
  DayRange,
  ReservedUsage,
  UsageCap,
  UsageCounts,
  UsageGrant,
  UsageStore,
  UsageTotals,
} from './usage/usage-store.ts'
export { parseUsageLimit, type UsageLimit } from './usage-limit/parse-usage-limit.ts'
export { version } from './version.ts'
export type {
  AssistantMessageParam,
  Base64ImageSource,
  Base64PDFSource,
  BashCodeExecutionOutput,
  BashCodeExecutionResult,
  BashCodeExecutionToolResultBlock,
  BashCodeExecutionToolResultBlockParam,
  BashCodeExecutionToolResultError,
  BashTool,
  BatchCreateParams,
  BatchListParams,
  BatchRequest,
  BrowserStateBlockParam,
  BrowserStateChange,
  BrowserTab,
  BrowserToolName,
  BrowserToolset,
  Cacheable,
  CacheControl,
  CacheCreation,
  CacheMissReason,
  CapabilitySupport,
  CharLocationCitation,
  Citation,
  CitationParam,
  CitationsConfigParam,
  CitationsDelta,
  ClientToolOptions,
  CodeExecutionCaller,
  CodeExecutionOutput,
  CodeExecutionResult,
  CodeExecutionTool,
  CodeExecutionToolResultBlock,
  CodeExecutionToolResultBlockParam,
  CodeExecutionToolResultError,
  ComputerToolName,
  ComputerToolset,
  Container,
  ContainerParams,
  ContainerSkill,
  ContainerUploadBlock,
  ContainerUploadBlockParam,
  ContentBlock,
  ContentBlockDelta,
  ContentBlockDeltaEvent,
  ContentBlockLocationCitation,
  ContentBlockParam,
  ContentBlockSource,
  ContentBlockStartEvent,
  ContentBlockStopEvent,
  ContextManagementCapability,
  CountTokensParams,
  DeletedFile,
  DeletedMessageBatch,
  Diagnostics,
  DiagnosticsParam,
  DirectCaller,
  DocumentBlock,
  DocumentBlockParam,
  Effort,
  EffortCapability,
  EncryptedCodeExecutionResult,
  ErrorBody,
  ErrorDetails,
  ErrorObject,
  ErrorType,
  FileListParams,
  FileMetadata,
  FileSource,
  ImageBlockParam,
  InputJSONDelta,
  JSONObject,
  JSONOutputFormat,
  JSONValue,
  MemoryTool,
  Message,
  MessageBatch,
  MessageBatchCanceledResult,
  MessageBatchErroredResult,
  MessageBatchExpiredResult,
  MessageBatchIndividualResponse,
  MessageBatchRequestCounts,
  MessageBatchResult,
  MessageBatchSucceededResult,
  MessageDeltaEvent,
  MessageDeltaUsage,
  MessageParam,
  MessageParams,
  MessageStartEvent,
  MessageStopEvent,
  Metadata,
  ModelCapabilities,
  ModelId,
  ModelInfo,
  ModelLifecycle,
  ModelLine,
  ModelListParams,
  OutputConfig,
  OutputTokensDetails,
  PageCursorParams,
  PageLocationCitation,
  PageParams,
  PingEvent,
  PlainTextSource,
  RedactedThinkingBlock,
  RedactedThinkingBlockParam,
  RefusalStopDetails,
  SearchResultBlockParam,
  SearchResultLocationCitation,
  ServerToolName,
  ServerToolsCapability,
  ServerToolUsage,
  ServerToolUseBlock,
  ServerToolUseBlockParam,
  SignatureDelta,
  SkillParams,
  StopReason,
  StreamEvent,
  SystemMessageParam,
  TextBlock,
  TextBlockParam,
  TextDelta,
  TextEditorCodeExecutionCreateResult,
  TextEditorCodeExecutionStrReplaceResult,
  TextEditorCodeExecutionToolResultBlock,
  TextEditorCodeExecutionToolResultBlockParam,
  TextEditorCodeExecutionToolResultError,
  TextEditorCodeExecutionViewResult,
  TextEditorTool,
  ThinkingBlock,
  ThinkingBlockParam,
  ThinkingCapability,
  ThinkingConfig,
  ThinkingConfigAdaptive,
  ThinkingConfigBetweenTools,
  ThinkingConfigDisabled,
  ThinkingConfigEnabled,
  ThinkingDelta,
  ThinkingDisplay,
  ThinkingTypes,
  TokenCount,
  ToolCaller,
  ToolChoice,
  ToolChoiceAny,
  ToolChoiceAuto,
  ToolChoiceNone,
  ToolChoiceTool,
  ToolInputSchema,
  ToolOptions,
  ToolParam,
  ToolReference,
  ToolReferenceBlockParam,
  ToolResultBlockParam,
  ToolResultContent,
  ToolSearchResult,
  ToolSearchTool,
  ToolSearchToolResultBlock,
  ToolSearchToolResultBlockParam,
  ToolSearchToolResultError,
  ToolsetMemberConfig,
  ToolUnion,
  ToolUseBlock,
  ToolUseBlockParam,
  URLSource,
  Usage,
  UserLocation,
  UserMessageParam,
  WebFetchResult,
  WebFetchResultParam,
  WebFetchTool,
  WebFetchToolResultBlock,
  WebFetchToolResultBlockParam,
  WebFetchToolResultError,
  WebFetchURLSource,
  WebFetchURLSources,
  WebSearchResult,
  WebSearchResultLocationCitation,
  WebSearchTool,
  WebSearchToolResultBlock,
  WebSearchToolResultBlockParam,
  WebSearchToolResultError,
} from './wire/index.ts'
