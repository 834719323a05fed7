import {
  addUsage,
  ConfigError,
  type Cost,
  checkOptions,
  type JSONIssue,
  type MessageParam,
  sumCosts,
  type Usage,
} from '@enjamb/core'
import type { Chat } from '../chat.ts'
import type { Reply } from '../reply.ts'
import { chatOptionNames } from '../request/chat-option-names.ts'
import { toMessages } from '../to-messages.ts'
import type { OutputOf, OutputSchema } from './output-schema.ts'
import { type OutputOptions, planOutput } from './plan-output.ts'
import { issueLines, mismatch, readOutput } from './read-output.ts'

/** Options of {@link parse}. */
export interface ParseOptions<Schema extends OutputSchema> extends OutputOptions<Schema> {
  /**
   * How often to ask again where an answer does not fit, with what is wrong with it: the API holds it to its form, but
   * not to bounds, patterns and refinements. Each is paid for. Default 0.
   */
  retries?: number | undefined
}

/** A reply with the value that its text stands for; `usage` and `cost` are those of all attempts. */
export interface ParsedReply<T> extends Reply {
  value: T
}

/**
 * Asks for an answer that fits a schema, and checks that it does. The API holds the model to the schema's form
 * (`output_config.format`); models from before generation 4.5 are held to it by a forced tool.
 *
 * A function beside `createChat`, so that a chat without it bundles nothing of it.
 *
 * @throws {ConfigError} before sending: the schema has no JSON Schema, refers to itself or to nothing, or is asked of a
 * model that can be held to none; and as `chat.chat`
 * @throws {MaxOutputTokensError} the answer was cut off; it has the message as `partial`, the usage and the cost, as have
 * @throws {RefusalError} the model declined
 * @throws {SchemaMismatchError} the answer does not fit, and the `issues` say where, after `retries`
 * @see https://platform.claude.com/docs/en/build-with-claude/structured-outputs
 * @example
 * const { value } = await parse(chat, 'Name a river.', { schema: z.object({ name: z.string(), km: z.number() }) })
 */
export async function parse<const Schema extends OutputSchema>(
  chat: Chat,
  input: string | MessageParam[],
  options: ParseOptions<Schema>,
): Promise<ParsedReply<OutputOf<Schema>>> {
  const { retries = 0, ...rest } = options
  checkOptions('parse', rest, [...chatOptionNames, 'schema', 'by'])
  if (!(retries >= 0)) throw new ConfigError('retries must be 0 or more.')
  const plan = planOutput(chat, input, rest)
  const costs: (Cost | undefined)[] = []
  let usage: Usage | undefined
  let asked = input
  for (let left = retries; ; left--) {
    const reply = await chat.chat(asked, plan.options)
    usage = addUsage(usage, reply.usage)
    costs.push(reply.cost)
    const spent = { usage, cost: sumCosts(costs) }
    const outcome = await readOutput(plan, reply, spent)
    if (!outcome.issues) return { ...reply, ...spent, value: outcome.value as OutputOf<Schema> }
    if (!(left > 0)) throw mismatch(outcome.issues, reply.message, spent)
    asked = askAgain(reply, outcome.issues)
  }
}

/** The conversation, with what is wrong with its last answer. */
function askAgain(reply: Reply, issues: readonly JSONIssue[]): MessageParam[] {
  const content = `Your answer does not fit the schema:\n${issueLines(issues)}\nGive the whole answer again, so that it fits.`
  const call = reply.message.content.find((block) => block.type === 'tool_use')
  const result =
    call && 'id' in call ? [{ type: 'tool_result', tool_use_id: call.id, is_error: true, content } as const] : []
  return [...toMessages(reply), { role: 'user', content: result.length ? result : content }]
}
