// An answer, while it is written.

export { MessageStream } from './stream/message-stream.ts'
export { streamMessage } from './stream/stream-message.ts'
export type { StreamOptions } from './stream/stream-source.ts'
export { type ToolInputUpdate, toolInput } from './stream/tool-input.ts'

// The parts that it is made of, each of use by itself: bytes to frames,

export { createSSEParser, type SSEFrame, type SSEParser, type SSEParserOptions } from './sse/create-sse-parser.ts'

// frames to events,

export { createEventParser, type EventParserOptions } from './events/create-event-parser.ts'
export { decodeEvent } from './events/decode-event.ts'
export { type ParseEventsOptions, parseEvents } from './events/parse-events.ts'

// events to a message,

export { type Accumulator, createAccumulator } from './message/create-accumulator.ts'

// and JSON that is not yet whole, or comes by the line.

export { type ParseNDJSONOptions, parseNDJSON } from '@enjamb/core'
export { createPartialJSON, type PartialJSON, type PartialJSONOptions } from './partial-json/create-partial-json.ts'
