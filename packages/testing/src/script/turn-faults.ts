/**
 * How the transport of an answer misbehaves. A count of events may be negative: from the end, so that `-2` is before the
 * last two. A body that is not streamed is one event; a cut or a stall after some of its events comes half way through it.
 */
export interface TurnFaults {
  /** Wait before the headers, in milliseconds. */
  delayMs?: number
  /** Wait before each event of a stream, in milliseconds. */
  eventDelayMs?: number
  /** Wait as long as a model that writes at this pace. */
  tokensPerSecond?: number
  /** How much the two waits above vary: 0.5 is by half, either way. Default 0. */
  jitter?: number
  /** A ping after every so many events of a stream, inside blocks too; beside the one that the API always sends. */
  pingEveryEvents?: number
  /** An empty delta before each delta of text, thinking and tool input. */
  emptyDeltas?: boolean
  /** Fall silent after so many events of a stream. */
  stallAfterEvents?: number
  /** For how long, in milliseconds; default: until the client gives up. */
  stallMs?: number
  /** Break the connection after so many events of a stream. */
  cutAfterEvents?: number
  /** Break the connection after so many bytes of the body. */
  cutAfterBytes?: number
  /** Invert the bits of the byte at this place in the body. */
  corruptAtByte?: number
  /** Send the body in chunks of so many bytes, which fall anywhere. */
  chunkBytes?: number
  /** Wait before each of those chunks, in milliseconds. */
  chunkDelayMs?: number
  /** Reset the connection in place of an answer. */
  reset?: boolean
}
