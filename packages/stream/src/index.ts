// An answer, while it is written.

export type { StreamOptions } from './stream/create-stream-source.ts'
export { MessageStream } from './stream/message-stream.ts'
export { streamMessage } from './stream/stream-message.ts'
export { tee } from './stream/tee.ts'
export { toReadableStream } from './stream/to-readable-stream.ts'
export { toResponse } from './stream/to-response.ts'
export { type ToolInputUpdate, toolInput } from './stream/tool-input.ts'

// The parts that it is made of, each of use by itself: bytes to frames,

export { createSSEParser, type SSEFrame, type SSEParser, type SSEParserOptions } from './sse/create-sse-parser.ts'

// frames to events,

export { createEventParser, type EventParser, type EventParserOptions } from './events/create-event-parser.ts'
export { decodeEvent } from './events/decode-event.ts'
export { type ParseEventsOptions, parseEvents } from './events/parse-events.ts'

// events to a message,

export { type Accumulator, createAccumulator } from './message/create-accumulator.ts'

// and JSON that is not yet whole, or comes by the line.

export { type ParseNDJSONOptions, parseNDJSON } from '@enjamb/core'
export { createPartialJSON, type PartialJSON, type PartialJSONOptions } from './partial-json/create-partial-json.ts'
