import { type ContentBlock, type Message, type StreamEvent, StreamParseError } from '@enjamb/core'

export interface Accumulator {
  /**
   * Takes the next event; each costs the same, however long the message has become.
   *
   * @throws {StreamParseError} the event does not fit what came before: a second start, or a block that never began
   */
  push(event: StreamEvent): void
  /** The message so far: one object that grows. Before the first event it is empty. */
  readonly message: Message
  /** The JSON text of a block's input so far, where it is still streaming. */
  inputJSON(index: number): string | undefined
}

// What comes over the wire may be newer than the types: every field of a block can be there.
type LooseBlock = Record<string, unknown> & { type: string }
type LooseDelta = Record<string, unknown> & { type: string }

/** Puts the events of a stream together to the message that the API would have sent without streaming. */
export function createAccumulator(): Accumulator {
  let message = { type: 'message', role: 'assistant', content: [] as ContentBlock[], usage: {} } as unknown as Message
  let started = false
  const inputs = new Map<number, string>()

  function blockAt(index: number): LooseBlock {
    const block = message.content[index]
    if (!block) throw new StreamParseError(`An event is for content block ${index}, which never began.`)
    return block as unknown as LooseBlock
  }

  function finishInput(index: number): void {
    const json = inputs.get(index)
    if (!json) return
    inputs.delete(index)
    try {
      blockAt(index).input = JSON.parse(json)
    } catch (cause) {
      throw new StreamParseError(`The input of content block ${index} is no JSON: ${json.slice(0, 200)}`, { cause })
    }
  }

  return {
    get message() {
      return message
    },
    inputJSON: (index) => inputs.get(index),
    push(event) {
      switch (event.type) {
        case 'message_start':
          if (started) throw new StreamParseError('A second message began in one stream.')
          started = true
          message = { ...event.message, content: [...event.message.content], usage: { ...event.message.usage } }
          break
        case 'content_block_start':
          message.content[event.index] = { ...event.content_block }
          break
        case 'content_block_delta':
          addDelta(blockAt(event.index), event.delta as unknown as LooseDelta, inputs, event.index)
          break
        case 'content_block_stop':
          finishInput(event.index)
          break
        case 'message_delta': {
          const { type, delta, usage, ...rest } = event
          Object.assign(message, delta, rest)
          for (const [name, count] of Object.entries(usage ?? {})) {
            if (count !== null) Object.assign(message.usage, { [name]: count })
          }
        }
      }
    },
  }
}

function addDelta(block: LooseBlock, delta: LooseDelta, inputs: Map<number, string>, index: number): void {
  switch (delta.type) {
    case 'text_delta':
      block.text = `${block.text ?? ''}${delta.text}`
      break
    case 'thinking_delta':
      block.thinking = `${block.thinking ?? ''}${delta.thinking}`
      break
    case 'signature_delta':
      block.signature = delta.signature
      break
    case 'input_json_delta':
      inputs.set(index, (inputs.get(index) ?? '') + delta.partial_json)
      break
    case 'citations_delta':
      block.citations = [...((block.citations as unknown[] | null) ?? []), delta.citation]
      break
    case 'compaction_delta':
      block.content = `${block.content ?? ''}${delta.content}`
  }
}
