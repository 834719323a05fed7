import {
  type ContentBlock,
  type ContentBlockDeltaEvent,
  type Message,
  type StreamEvent,
  StreamParseError,
} from '@enjamb/core'
import { pieceKeys, pieceOf } from '../events/event-run.ts'

/** A message that grows with its events. */
export interface Accumulator {
  /**
   * Adds an event; a delta costs the same however long the message is. Unknown events and deltas change nothing.
   *
   * @throws {StreamParseError} the event cannot follow what came before: a second `message_start`, a block that starts
   * twice, without a type or as a call without an id, a delta for a block that never started. `message` keeps what came.
   */
  push(event: StreamEvent): void
  /**
   * The message so far: one object, which grows from `message_start` on; before that an empty one. Reading it costs
   * nothing. The `input` of a tool call is what its block started with, mostly `{}`, until the block stops, or the message; it
   * stays so where the call is cut off, and {@link inputJSON} has what came of it.
   * It is always an object: what was streamed and is none, or no JSON, is there as text, `{ INVALID_JSON: text }`, the form
   * in which the API takes it back beside a result that says so.
   *
   * @see https://platform.claude.com/docs/en/agents-and-tools/tool-use/fine-grained-tool-streaming
   */
  readonly message: Message
  /** The text of a block's streamed input so far, as it came; `undefined` where none has come. */
  inputJSON(index: number): string | undefined
}

/** What blocks and deltas hold between them: a block of a type we do not know may well take a delta that we do. */
interface OpenBlock {
  type: string
  text?: string
  thinking?: string
  signature?: string
  citations?: unknown[] | null
  input?: { INVALID_JSON?: unknown }
  to?: { model: string }
}
/** A block, and the text of its streamed input. */
interface Entry {
  readonly block: OpenBlock
  partial_json?: string
  /** What of it `input` was made of. */
  read?: string | undefined
}

/**
 * Puts a message together from its events, at a cost that is linear in all.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/streaming
 * @example
 * const accumulator = createAccumulator()
 * for await (const event of parseEvents(response.body)) accumulator.push(event)
 * console.log(accumulator.message.stop_reason)
 */
export function createAccumulator(): Accumulator {
  let started = false
  const entries = new Map<number, Entry>()
  const indexes: number[] = []

  function startBlock(index: number, given: ContentBlock): void {
    const isCall = typeof given.type === 'string' && given.type.endsWith('tool_use')
    const key = isCall ? 'id' : 'type'
    if (typeof (given as { id?: unknown; type: unknown })[key] !== 'string') throw wrong(index, `has no ${key}`)
    if (entries.has(index)) throw wrong(index, 'started twice')
    // A copy, so that what a reader of the events holds does not change under them.
    const block = { ...given } as OpenBlock
    if (block.citations) block.citations = [...block.citations]
    // Some gateways leave it out, or empty.
    if (isCall) block.input = toInput(block.input)
    entries.set(index, { block })
    let at = indexes.length
    while (indexes[at - 1]! > index) at--
    // Each would move all others: a long list from behind takes the square of its length.
    if (indexes.length - at > maxMoved) throw wrong(index, 'started too late')
    indexes.splice(at, 0, index)
    accumulator.message.content.splice(at, 0, block as ContentBlock)
    // The last of these names the model that answers from here on.
    if (block.type === 'fallback' && block.to) accumulator.message.model = block.to.model
  }

  function applyDelta(event: ContentBlockDeltaEvent): void {
    const { index, delta } = event
    const entry = entries.get(index)
    if (!entry) throw wrong(index, 'has not started')
    const { block } = entry
    const piece = pieceOf(event)
    if (piece !== undefined) {
      const key = pieceKeys[delta.type]!
      const grown = (key === 'partial_json' ? entry : block) as unknown as Record<string, string | undefined>
      grown[key] = (grown[key] ?? '') + piece
    } else if (delta.type === 'citations_delta') {
      block.citations ??= []
      block.citations.push(delta.citation)
    } else if (/^(signature|compaction)_delta$/.test(delta.type)) {
      const { type: _, ...final } = delta
      assignPresent(block, final)
    }
  }

  /** What was streamed is read once. Without a block nothing is lost. */
  function stopBlock(entry: Entry | undefined): void {
    const json = entry?.partial_json
    if (!json || entry.read === json) return
    entry.read = json
    entry.block.input = toInput(json)
  }

  function endBlock(entry: Entry): void {
    if (!cutOff.includes(accumulator.message.stop_reason)) stopBlock(entry)
    // There was no room for the rest.
    else if (entry.block.input?.INVALID_JSON) entry.block.input = {}
  }

  function apply(event: StreamEvent): void {
    if (event.type === 'content_block_delta') applyDelta(event)
    else if (event.type === 'content_block_start') {
      started = true
      startBlock(event.index, event.content_block)
    } else if (event.type === 'content_block_stop') stopBlock(entries.get(event.index))
    else if (event.type === 'message_start') {
      if (started) throw new StreamParseError('A second message started in one stream.')
      started = true
      const { message } = event
      accumulator.message = { ...message, content: [], usage: { ...message.usage } }
      message.content?.forEach((block, index) => void startBlock(index, block))
    } else if (event.type === 'message_delta') {
      const { type: _, delta, usage, ...rest } = event
      assignPresent(accumulator.message, { ...delta, ...rest })
      assignPresent(accumulator.message.usage, { ...usage })
    } else if (event.type === 'message_stop') entries.forEach(endBlock)
  }

  // Fields, as an object with a getter of its own is a dictionary: slow, and six times as large.
  const accumulator = {
    message: { id: '', type: 'message', role: 'assistant', model: '', content: [], usage: {} } as unknown as Message,
    inputJSON: (index: number) => entries.get(index)?.partial_json,
    push(event: StreamEvent) {
      try {
        apply(event)
      } catch (cause) {
        throw cause instanceof StreamParseError
          ? cause
          : new StreamParseError(`A broken ${event.type} event.`, { cause })
      }
    },
  }
  return accumulator
}

function wrong(index: number, problem: string): StreamParseError {
  return new StreamParseError(`Content block ${index} ${problem}.`)
}

/** How many blocks one may start late. */
const maxMoved = 1_000

/** What ends an answer in the middle of a word, and so of a tool call's input. */
const cutOff: unknown[] = ['max_tokens', 'model_context_window_exceeded', 'refusal']

/** The input of a tool call, given whole or as text: an object, for nothing else can be sent back. */
function toInput(given: unknown): object {
  let value = given || {}
  try {
    if (typeof value === 'string') value = JSON.parse(value) ?? {}
  } catch {}
  return typeof value === 'object' && !Array.isArray(value) ? value : { INVALID_JSON: given }
}

/** What is present replaces, for all counts are totals; what is absent or null leaves alone what is there. */
function assignPresent(target: object, source: object): void {
  for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(source))) {
    // An assignment would take `__proto__` for more than data.
    if (descriptor.value !== null || !(key in target)) Object.defineProperty(target, key, descriptor)
  }
}
