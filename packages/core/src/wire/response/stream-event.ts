import type { Citation } from '../citation.ts'
import type { ContentBlock } from './content-block.ts'
import type { Message } from './message.ts'
import type { MessageDeltaUsage } from './usage.ts'

/**
 * One server-sent event of a streamed answer. An `error` event is not among them: it is thrown.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/streaming
 */
export type StreamEvent =
  | MessageStartEvent
  | ContentBlockStartEvent
  | ContentBlockDeltaEvent
  | ContentBlockStopEvent
  | MessageDeltaEvent
  | MessageStopEvent
  | PingEvent

/** The message before its first block; its `usage` already counts the prompt. */
export interface MessageStartEvent {
  type: 'message_start'
  message: Message
}

/** A block of the answer begins. */
export interface ContentBlockStartEvent {
  type: 'content_block_start'
  /** The block's place in `content`: the events of two blocks may interleave. */
  index: number
  content_block: ContentBlock
}

/** A block of the answer grows. */
export interface ContentBlockDeltaEvent {
  type: 'content_block_delta'
  index: number
  delta: ContentBlockDelta
}

/** A block of the answer is whole. */
export interface ContentBlockStopEvent {
  type: 'content_block_stop'
  index: number
}

/** Why the answer ends, and what it has used. It comes once, before the end. */
export interface MessageDeltaEvent {
  type: 'message_delta'
  delta: Pick<Message, 'container' | 'stop_details' | 'stop_reason' | 'stop_sequence'>
  usage: MessageDeltaUsage
}

/** The answer is whole. */
export interface MessageStopEvent {
  type: 'message_stop'
}

/** Keeps the connection alive; it may come anywhere. */
export interface PingEvent {
  type: 'ping'
}

/** What is added to a block. */
export type ContentBlockDelta = TextDelta | InputJSONDelta | CitationsDelta | ThinkingDelta | SignatureDelta

/** Text that is added to a text block. */
export interface TextDelta {
  type: 'text_delta'
  text: string
}

/** A piece of a tool's input, cut anywhere; perhaps empty. A tool without input has none. */
export interface InputJSONDelta {
  type: 'input_json_delta'
  partial_json: string
}

/** One more citation of the text block. */
export interface CitationsDelta {
  type: 'citations_delta'
  citation: Citation
}

/** Text that is added to a thinking block. */
export interface ThinkingDelta {
  type: 'thinking_delta'
  thinking: string
}

/** The whole signature of the thinking block. */
export interface SignatureDelta {
  type: 'signature_delta'
  signature: string
}
