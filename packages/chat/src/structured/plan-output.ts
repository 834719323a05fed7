import {
  ConfigError,
  type JSONSchema,
  type MessageParam,
  modelRow,
  type ToolUseBlock,
  toStrictSchema,
} from '@enjamb/core'
import type { Chat } from '../chat.ts'
import type { Reply } from '../reply.ts'
import type { ChatOptions } from '../request/chat-options.ts'
import { type OutputSchema, type ReadSchema, readSchema } from './output-schema.ts'

/** What `parse` and `streamParse` take beside what every call does. */
export interface OutputOptions<Schema extends OutputSchema> extends ChatOptions {
  /** What the answer has to fit: a schema of zod 4, arktype or valibot (by `toStandardJsonSchema`), or a JSON Schema. */
  schema: Schema
  /**
   * How the model is held to the schema: by the format of its answer, or on models without structured output by a tool that
   * it has to call. Default: as the model can.
   */
  by?: 'format' | 'tool' | undefined
}

/** How an answer that fits a schema is asked for, and found. */
export interface OutputPlan extends ReadSchema {
  by: 'format' | 'tool'
  /** The call's options, with what asks for the answer. */
  options: ChatOptions
  /** The JSON text, or the value, that an answer has. */
  written(reply: Reply): { json: string } | { value: unknown }
}

const toolName = 'answer'

/**
 * @throws {ConfigError} the schema is none that the API can take, or the model can be held to none
 * @see https://platform.claude.com/docs/en/build-with-claude/structured-outputs
 */
export function planOutput(
  chat: Chat,
  input: string | MessageParam[],
  { schema, by, ...options }: OutputOptions<OutputSchema>,
): OutputPlan {
  const read = readSchema(schema)
  const params = chat.params(input, options)
  const way = by ?? (lacksFormat(params.model) ? 'tool' : 'format')
  const body =
    way === 'format'
      ? {
          output_config: {
            ...params.output_config,
            format: { type: 'json_schema', schema: toStrictSchema(read.json) },
          },
        }
      : forcedTool(read.json, params.model, options)
  return {
    ...read,
    by: way,
    options: { ...options, body: { ...options.body, ...body } },
    written(reply) {
      if (way === 'format') return { json: reply.text }
      const call = reply.message.content.find((block): block is ToolUseBlock => block.type === 'tool_use')
      return call ? { value: call.input } : { json: reply.text }
    },
  }
}

/** Those before generation 4.5. */
function lacksFormat(model: string): boolean {
  return /^claude-(\d|instant|\w+-4(-[01]|-\d{8})?$)/.test(model) && !modelRow(model)
}

function forcedTool(json: JSONSchema, model: string, { tools, thinking, body }: ChatOptions): object {
  const row = modelRow(model)
  if (row && !row[2].includes('c')) throw new ConfigError(`With ${model}, by must be 'format': no tool can be forced.`)
  if (tools || body?.tools)
    throw new ConfigError(`With ${model}, tools must be left out: the schema is held by a tool.`)
  // A forced tool does not go with a budget for thinking, nor do these models think in another way.
  if (thinking) throw new ConfigError(`With ${model}, thinking must be left out: the schema is held by a forced tool.`)
  if (json.type !== 'object') throw new ConfigError(`With ${model}, schema must be of an object.`)
  const { $schema, ...input_schema } = json
  return {
    tools: [{ name: toolName, description: 'Takes the answer.', input_schema }],
    tool_choice: { type: 'tool', name: toolName, disable_parallel_tool_use: true },
  }
}
