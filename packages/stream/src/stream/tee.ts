import type { Chunk } from './chunk.ts'
import type { StreamSource } from './create-stream-source.ts'
import { MessageStream } from './message-stream.ts'

/**
 * Two streams in place of this one, each to be read at its own pace; what only one has read stays in memory for the
 * other. The request ends early when both are aborted, or this one, or the `signal` option is: a branch that is left
 * early does not end what the other still reads.
 *
 * @throws {ConfigError} the stream is being read already
 * @example
 * const [relayed, read] = tee(stream)
 */
export function tee(stream: MessageStream): [MessageStream, MessageStream] {
  // biome-ignore lint/complexity/useLiteralKeys: what is private to all others
  const [source, chunk] = stream['claim']()
  source.shared = true
  let readers = 2
  const branch = () =>
    new MessageStream(
      branchOf(source, () => --readers === 0),
      chunk,
    )
  return [branch(), branch()]
}

/** A source for one of several readers: it ends when that one stops, and with the last of them what it is a branch of. */
function branchOf(source: StreamSource, leave: () => boolean): StreamSource {
  const waiting = new Set<(reason: unknown) => void>()
  return Object.assign(Object.create(source) as StreamSource, {
    // Another branch may keep the request alive: what waits for it on this one must not wait on.
    follow: (here: Chunk) =>
      new Promise<Chunk | undefined>((resolve, reject) => {
        waiting.add(reject)
        source
          .follow(here)
          .then(resolve, reject)
          .finally(() => waiting.delete(reject))
      }),
    stop(reason: unknown) {
      const error = leave() ? source.stop(reason) : source.abortedBy(reason)
      // There is nothing to stop where the message is complete: whoever waits then gets its end.
      if (!source.complete) for (const reject of waiting) reject(error)
      return error
    },
  })
}
