import type { ContentBlock, ErrorDetails, JSONObject, Message, StopReason, Usage } from '@enjamb/core'
import type { Bytes } from '../bytes.ts'
import type { MockErrorType } from '../errors/error-type.ts'
import type { TurnFaults } from './turn-faults.ts'
import type { TurnMatch } from './turn-match.ts'
import type { TurnRequest } from './turn-request.ts'

/** One reply of the mock: a text, a description, a function of the request that gives either, or any of them under a condition. */
export type Turn = string | TurnSpec | TurnFunction | ConditionalTurn

/** `undefined` stands for the default reply. */
export type TurnFunction = (request: TurnRequest) => Reply | undefined | Promise<Reply | undefined>

/** What a turn comes down to. */
export type Reply = string | TurnSpec | TurnFunction

/** A reply for some requests only, or for several. A request gets the first turn of the script that fits and is not used up. */
export interface ConditionalTurn {
  /** Default: any request. */
  when?: TurnMatch
  /** How often to give it; default 1, `Infinity` for always. */
  times?: number
  reply: Reply
}

export interface TurnSpec extends TurnFaults {
  text?: string
  /**
   * What it thinks before the text. Its signature is made from the text and the conversation, and checked when the block comes
   * back; one given here is taken as it is. Whether the client sees the text is for its `thinking.display` and the model to say.
   * Default: an empty block where the model thinks, by the request or by itself; `false`: none.
   */
  thinking?: string | { text: string; signature?: string } | false
  /** After the text, in this order; with any, the stop reason is `tool_use`. */
  toolCalls?: TurnToolCall[]
  /** Whole blocks, in place of the three above; a block of any type goes out as it is. */
  content?: (ContentBlock | LooseBlock)[]
  /**
   * Default: `tool_use` with tool calls, else `end_turn`; where the text holds a stop sequence of the request, or is
   * longer than `max_tokens`, it is cut there, as the API does. A stop reason given here leaves the text whole.
   */
  stopReason?: StopReason
  stopSequence?: string
  stopDetails?: Message['stop_details']
  /**
   * The model declines: the answer is what it wrote before, if anything, and the stop reason `refusal`. Where the request has
   * `fallbacks` (a beta), the rest of this turn is what the first of them answers, behind a `fallback` block.
   */
  refusal?: RefusalCategory | TurnRefusal
  /** Overrides parts of the counted usage. */
  usage?: Partial<Usage> & { iterations?: { type: string; [count: string]: unknown }[] | null }
  /** Extra headers of the response. */
  headers?: Record<string, string>
  /** Answer with an error: a status, or more of it; `status: 200` with a `type` is an error that only the body tells. */
  error?: number | TurnError
  /** Send this body as it is, in place of everything above but `headers`: broken frames, a gateway's page. */
  raw?: string | Bytes
  /** The status of a `raw` answer; default 200. */
  status?: number
}

/** Why a model declines; `null` where the policy has no name. */
export type RefusalCategory = 'cyber' | 'bio' | 'frontier_llm' | 'reasoning_extraction' | 'general_harms' | null

/** A refusal, and what was written before it. */
export interface TurnRefusal {
  category: RefusalCategory
  /** Default `null`. */
  explanation?: string
  /** What the model wrote before it declined; default: nothing. */
  after?: string
}

/** A call of a tool that the answer makes. */
export interface TurnToolCall {
  name: string
  /** Default: `{}`. */
  input?: JSONObject
  /** Default: a new `toolu_…`. */
  id?: string
}

/** An error in place of an answer. */
export interface TurnError {
  /** Default: the status of `type`, else 500. */
  status?: number
  /** Default: the type of `status`. */
  type?: MockErrorType
  message?: string
  details?: ErrorDetails
  headers?: Record<string, string>
  /** In a stream: answer 200, and send an `error` event after so many events; a negative count is one from the end. */
  afterEvents?: number
}

/** A content block in any state: what the API requires and is missing here gets a default. */
export interface LooseBlock {
  type: string
  [field: string]: unknown
}
