/**
 * A part of the stream that the AI SDK's `useChat` reads, as far as Claude's answers need it.
 *
 * @see https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol#ui-message-stream-protocol
 */
export type UIMessageChunk =
  | { type: 'start'; messageId?: string }
  | { type: 'start-step' | 'finish-step' }
  | { type: 'text-start' | 'text-end' | 'reasoning-start'; id: string }
  | { type: 'text-delta' | 'reasoning-delta'; id: string; delta: string }
  | {
      type: 'reasoning-end'
      id: string
      providerMetadata?: { anthropic: { signature?: string; redactedData?: string } }
    }
  | { type: 'tool-input-start'; toolCallId: string; toolName: string; providerExecuted?: boolean }
  | { type: 'tool-input-delta'; toolCallId: string; inputTextDelta: string }
  | { type: 'tool-input-available'; toolCallId: string; toolName: string; input: unknown; providerExecuted?: boolean }
  | { type: 'tool-output-available'; toolCallId: string; output: unknown; providerExecuted?: boolean }
  | { type: 'tool-output-error'; toolCallId: string; errorText: string; providerExecuted?: boolean }
  | { type: 'source-url'; sourceId: string; url: string; title?: string }
  | { type: 'finish'; finishReason: UIFinishReason; messageMetadata?: unknown }
  | { type: 'error'; errorText: string }
  | { type: 'abort'; reason?: string }

/** Why an answer ended, in the words of the AI SDK. */
export type UIFinishReason = 'stop' | 'length' | 'content-filter' | 'tool-calls' | 'other'
