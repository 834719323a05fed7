import { checkOptions, type MessageParam } from '@enjamb/core'
import { createPartialJSON } from '@enjamb/stream'
import type { Chat } from '../chat.ts'
import { replyEvents } from '../reply-events.ts'
import type { ReplyStream } from '../reply-stream.ts'
import { chatOptionNames } from '../request/chat-option-names.ts'
import type { DeepPartial } from './deep-partial.ts'
import type { OutputOf, OutputSchema, WrittenOf } from './output-schema.ts'
import type { ParsedReply } from './parse.ts'
import { type OutputOptions, planOutput } from './plan-output.ts'
import { mismatch, readOutput } from './read-output.ts'

/** An answer that is to fit a schema, as it arrives. */
export interface ParseStream<Schema extends OutputSchema> extends Omit<ReplyStream, 'final'> {
  /**
   * The value as it grows, at linear cost: with each piece that arrives the same object, which has grown in place, so copy
   * what has to stay. It is what the model writes: not checked yet, and neither defaults nor transformations are made. It is
   * read in place of `text()` and the loop.
   */
  partial(): AsyncIterable<DeepPartial<WrittenOf<Schema>>>
  /**
   * Reads to the end, and gives the reply with its value, checked.
   *
   * @throws {MaxOutputTokensError} {@link RefusalError}, {@link SchemaMismatchError}, as `parse` does; and as reading does
   */
  final(): Promise<ParsedReply<OutputOf<Schema>>>
}

/**
 * As `parse`, streamed.
 *
 * @throws {ConfigError} as `parse` does before sending, and `chat.stream`
 * @example
 * const stream = streamParse(chat, 'Plan a week in Rome.', { schema: z.object({ days: z.array(z.string()) }) })
 * for await (const plan of stream.partial()) render(plan.days)
 * const { value } = await stream.final()
 */
export function streamParse<const Schema extends OutputSchema>(
  chat: Chat,
  input: string | MessageParam[],
  options: OutputOptions<Schema>,
): ParseStream<Schema> {
  checkOptions('streamParse', options, [...chatOptionNames, 'schema', 'by'])
  const plan = planOutput(chat, input, options)
  const stream = chat.stream(input, plan.options)
  const finish = async () => {
    const reply = await stream.final()
    const outcome = await readOutput(plan, reply, reply)
    if (!outcome.issues) return { ...reply, value: outcome.value as OutputOf<Schema> }
    throw mismatch(outcome.issues, reply.message, reply)
  }
  return {
    ...stream,
    partial: () =>
      partials(stream, plan.by === 'tool' ? 'partial_json' : 'text') as AsyncIterable<DeepPartial<WrittenOf<Schema>>>,
    final() {
      const reply = finish()
      // Whoever reads in a loop gets the stream's error there.
      reply.catch(() => {})
      return reply
    },
  }
}

async function* partials(stream: ReplyStream, key: 'text' | 'partial_json'): AsyncGenerator<unknown, void> {
  let json = createPartialJSON()
  let broken = false
  for await (const event of replyEvents(stream)) {
    // Where tools ran there are several messages, of which the last is the answer.
    if (event.type === 'message_start') {
      json = createPartialJSON()
      broken = false
    }
    if (broken || event.type !== 'content_block_delta') continue
    const piece = (event.delta as { text?: string; partial_json?: string })[key]
    if (!piece) continue
    try {
      json.push(piece)
    } catch {
      // What it is instead, `final` says.
      broken = true
    }
    if (json.value !== undefined) yield json.value
  }
}
