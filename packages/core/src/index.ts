export type { Client, ClientOptions, Credential, CredentialRequest } from './client/client.ts'
export { createClient, withOptions } from './client/create-client.ts'
export type { Logger } from './client/logger.ts'
export type { HeaderChange, HeaderOverrides } from './client/merge-headers.ts'
export type { Middleware, Outcome, OutgoingRequest, RequestOrigin } from './client/middleware.ts'
export type { RetryOptions } from './client/retry-options.ts'
export type { RetryRule } from './client/retry-rule.ts'
export { batchResults } from './endpoints/batches/batch-results.ts'
export { cancelBatch } from './endpoints/batches/cancel-batch.ts'
export { createBatch } from './endpoints/batches/create-batch.ts'
export { deleteBatch } from './endpoints/batches/delete-batch.ts'
export { listBatches } from './endpoints/batches/list-batches.ts'
export { retrieveBatch } from './endpoints/batches/retrieve-batch.ts'
export { checkHealth, type Health, type ServiceHealth } from './endpoints/check-health.ts'
export { deleteFile } from './endpoints/files/delete-file.ts'
export { downloadFile, type FileResponse } from './endpoints/files/download-file.ts'
export { listFiles } from './endpoints/files/list-files.ts'
export { retrieveFile } from './endpoints/files/retrieve-file.ts'
export { type FileUploadParams, uploadFile } from './endpoints/files/upload-file.ts'
export { countTokens } from './endpoints/messages/count-tokens.ts'
export { createMessage } from './endpoints/messages/create-message.ts'
export { countRequest, messageRequest } from './endpoints/messages/message-request.ts'
export { listModels } from './endpoints/models/list-models.ts'
export { retrieveModel } from './endpoints/models/retrieve-model.ts'

export { APIError, type APIErrorFields } from './errors/api/api-error.ts'
export { AuthenticationError } from './errors/api/authentication-error.ts'
export { BillingError } from './errors/api/billing-error.ts'
export { ConflictError } from './errors/api/conflict-error.ts'
export { InvalidRequestError } from './errors/api/invalid-request-error.ts'
export { NotFoundError } from './errors/api/not-found-error.ts'
export { OverloadedError } from './errors/api/overloaded-error.ts'
export { PermissionDeniedError } from './errors/api/permission-denied-error.ts'
export { RateLimitError } from './errors/api/rate-limit-error.ts'
export { RequestTooLargeError } from './errors/api/request-too-large-error.ts'
export { ServerError } from './errors/api/server-error.ts'
export { BudgetExceededError, type BudgetExceededErrorFields } from './errors/budget-exceeded-error.ts'
export { ConfigError } from './errors/config-error.ts'
export { ConnectionError } from './errors/connection/connection-error.ts'
export { IdleTimeoutError } from './errors/connection/idle-timeout-error.ts'
export { RequestAbortedError } from './errors/connection/request-aborted-error.ts'
export { RequestTimeoutError } from './errors/connection/request-timeout-error.ts'
export {
  StreamInterruptedError,
  type StreamInterruptedErrorFields,
} from './errors/connection/stream-interrupted-error.ts'
export { StreamParseError } from './errors/connection/stream-parse-error.ts'
export { EnjambError, type ErrorFields, isEnjambError } from './errors/enjamb-error.ts'
export type { ErrorCode } from './errors/error-code.ts'
export { type ErrorJSON, errorFromJSON, errorToJSON } from './errors/error-json.ts'
export { MaxOutputTokensError, type MaxOutputTokensErrorFields } from './errors/max-output-tokens-error.ts'
export { excerpt, redact } from './errors/redact.ts'
export { RefusalError, type RefusalErrorFields } from './errors/refusal-error.ts'
export { SchemaMismatchError, type SchemaMismatchErrorFields } from './errors/schema-mismatch-error.ts'
export { answerStart, openServerCalls, toSendable } from './history/to-sendable.ts'
export { withReply } from './history/with-reply.ts'
export { apiErrorFromBody } from './http/answer/api-error-from-body.ts'
export { apiErrorFromEvent } from './http/answer/api-error-from-event.ts'
export { apiErrorIn } from './http/answer/api-error-in.ts'
export { asConnectionError } from './http/answer/as-connection-error.ts'
export { type BodyReader, bodyReader } from './http/answer/body-reader.ts'
export { readJSON } from './http/answer/read-json.ts'
export { readerOf } from './http/answer/reader-of.ts'
export type { Exchange, RequestOptions, RequestSpec } from './http/request.ts'
export { requestOptionNames } from './http/request-option-names.ts'
export { send } from './http/send.ts'
export { type BilledReply, type Cost, costOf } from './models/cost-of.ts'
export { findModel } from './models/find-model.ts'
export { modelRow } from './models/find-model-row.ts'
export type {
  Model,
  ModelEffort,
  ModelFastMode,
  ModelImages,
  ModelPrices,
  ModelRetirement,
  ModelThinking,
  TokenPrices,
} from './models/model.ts'
export type { ModelRow } from './models/model-row.ts'
export { models, modelsCheckedOn } from './models/models.generated.ts'
export { type ModelAlias, resolveModel } from './models/resolve-model.ts'
export { chooseModel, type ModelChoice, type SelectModelOptions, selectModel } from './models/select-model.ts'
export { sumCosts } from './models/sum-costs.ts'
export { type ModelCounts, type PricedIteration, type PricedUsage, usageByModel } from './models/usage-by-model.ts'
export { type ParseNDJSONOptions, parseNDJSON } from './ndjson/parse-ndjson.ts'
export { onAbort } from './on-abort.ts'
export { createPacer, type Pacer, type PacerOptions } from './pacing/create-pacer.ts'
export { parseRateLimits, type RateLimits } from './pacing/parse-rate-limits.ts'
export type { RateLimit } from './pacing/rate-limit.ts'
export { checkOptions } from './platform/checks/check-options.ts'
export { nearestName } from './platform/checks/nearest-name.ts'
export { type FromJSONSchema, type JSONSchema, jsonSchema, type TypedJSONSchema } from './schema/json-schema.ts'
export { toStrictSchema } from './schema/to-strict-schema.ts'
export { tryJSONSchema } from './schema/try-json-schema.ts'
export { type JSONIssue, validateJSON } from './schema/validate-json.ts'
export { startTimer } from './start-timer.ts'
export { addUsage } from './usage/add-usage.ts'
export type { Budget } from './usage/budget/budgets.ts'
export type { UsagePeriod } from './usage/budget/period.ts'
export type { ThresholdEvent } from './usage/budget/thresholds.ts'
export type { Reservation } from './usage/ledger/reservation.ts'
export { memoryUsageStore } from './usage/memory-usage-store.ts'
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
  AdvisorTool,
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
  BetaMessageParams,
  BetaPromptParams,
  BillingPolicy,
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
  ClearThinkingEdit,
  ClearToolUsesEdit,
  ClientToolOptions,
  CodeExecutionCaller,
  CodeExecutionOutput,
  CodeExecutionResult,
  CodeExecutionTool,
  CodeExecutionToolResultBlock,
  CodeExecutionToolResultBlockParam,
  CodeExecutionToolResultError,
  CompactEdit,
  CompactionConfig,
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
  ContextEdit,
  ContextManagementCapability,
  ContextManagementConfig,
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
  FallbackCreditToken,
  FallbackParam,
  FileListParams,
  FileMetadata,
  FileSource,
  ImageBlockParam,
  InputJSONDelta,
  JSONObject,
  JSONOutputFormat,
  JSONValue,
  MCPServerParam,
  MCPToolset,
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
  TaskBudget,
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
  ThreadParam,
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
