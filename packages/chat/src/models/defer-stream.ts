import type { Reply } from '../reply.ts'
import type { ReplyStream } from '../reply-stream.ts'

/**
 * A stream that begins when it is first read, with what has to be awaited for it.
 *
 * @param open begins it; what it throws is thrown to whoever reads
 * @param finish makes of the reply what is given
 */
export function deferStream<Final extends Reply>(
  open: () => Promise<ReplyStream>,
  finish: (reply: Reply) => Final | Promise<Final>,
): ReplyStream & { final(): Promise<Final> } {
  let opened: Promise<ReplyStream> | undefined
  let end: { reason: unknown } | undefined
  const get = () => {
    opened ??= open().then((stream) => {
      if (end) stream.abort(end.reason)
      return stream
    })
    return opened
  }
  return {
    source: {
      async *[Symbol.asyncIterator]() {
        yield* (await get()).source
      },
    },
    async *text() {
      yield* (await get()).text()
    },
    final() {
      const reply = get()
        .then((stream) => stream.final())
        .then(finish)
      // Whoever reads in a loop gets the error there.
      reply.catch(() => {})
      return reply
    },
    abort(reason) {
      end ??= { reason }
      opened?.then(
        (stream) => stream.abort(reason),
        () => {},
      )
    },
    async *[Symbol.asyncIterator]() {
      yield* await get()
    },
  }
}
