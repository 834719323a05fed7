export { type Chat, createChat, type DirectChat } from './chat.ts'
export { messageText, type Reply, toReply } from './reply.ts'
export { replyEvents } from './reply-events.ts'
export type { AnySource, ReplyChunk, ReplyStream } from './reply-stream.ts'
export type { ChatDefaults, ChatOptions } from './request/chat-options.ts'
export { toParams } from './request/to-params.ts'
export { toMessages } from './to-messages.ts'
export type { ChatToolRun, ChatToolRunEvent, ChatToolset } from './toolset.ts'
export { totalTokens } from './total-tokens.ts'

// Answers that fit a schema.

export type { DeepPartial } from './structured/deep-partial.ts'
export { type OutputFormat, outputFormat } from './structured/output-format.ts'
export type { OutputOf, OutputSchema, StandardSchema, WrittenOf } from './structured/output-schema.ts'
export { type ParsedReply, type ParseOptions, parse } from './structured/parse.ts'
export type { OutputOptions } from './structured/plan-output.ts'
export { type ParseStream, streamParse } from './structured/stream-parse.ts'

// Many questions at once.

export { type BatchOptions, batch, streamBatch, type ViaOptions } from './batch/batch.ts'
export { type BatchJob, type JobOptions, resumeBatch, submitBatch } from './batch/batch-job.ts'
export type {
  BatchFailure,
  BatchInput,
  BatchProgress,
  BatchReply,
  BatchResult,
  BatchSuccess,
} from './batch/batch-result.ts'
export type { BatchRun, RunHooks } from './batch/batch-run.ts'

// Which model answers.

export type { Declined, FallbackReply } from './models/fallback-spent.ts'
export {
  type AutoChat,
  type AutoOptions,
  type AutoReply,
  type AutoStream,
  type RemainingBudget,
  withAuto,
} from './models/with-auto.ts'
export { type FallbackChat, type FallbackOptions, type FallbackStream, withFallback } from './models/with-fallback.ts'

// Conversations, and who shows them.

export {
  type Conversation,
  type ConversationOptions,
  type ConversationSnapshot,
  conversation,
} from './conversation/conversation.ts'
export { fromUIMessages, type UIMessageLike } from './ui/from-ui-messages.ts'
export { toUIMessageResponse, toUIMessageStream, type UIMessageOptions } from './ui/to-ui-message-stream.ts'
export type { UIFinishReason, UIMessageChunk } from './ui/ui-message-chunk.ts'
