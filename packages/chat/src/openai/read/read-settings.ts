import { ConfigError, type Effort, type JSONSchema, type ToolUnion, toStrictSchema } from '@enjamb/core'
import type { ChatOptions } from '../../request/chat-options.ts'
import { readSchema } from '../../structured/output-schema.ts'
import { refuse } from '../openai-error.ts'
import { checkFields, type Fields, fieldsOf, listOf, textOf } from './check-fields.ts'

/** What both of OpenAI's interfaces say in the same way, as a chat's options. */
export function readSettings(body: Fields, isDated: boolean): ChatOptions {
  const { temperature, top_p, stop, service_tier } = body
  const user = body.safety_identifier ?? body.user
  const { tools, tool_choice } = readTools(body)
  return {
    temperature: readSampling(temperature, 'temperature', isDated),
    topP: readSampling(top_p, 'top_p', isDated),
    stopSequences: stop ? [stop].flat().map((one) => textOf(one, 'stop')) : undefined,
    metadata: user ? { userId: textOf(user, body.user ? 'user' : 'safety_identifier') } : undefined,
    body: {
      ...(tools && { tools }),
      ...(tool_choice && { tool_choice }),
      ...(service_tier ? { service_tier: readTier(service_tier) } : {}),
    },
  }
}

/** 1, the default on both sides, asks for nothing. */
function readSampling(value: unknown, param: string, isDated: boolean): number | undefined {
  if (value === null || value === undefined || value === 1) return undefined
  if (typeof value !== 'number') refuse(param, 'must be a number.', 'invalid_type')
  if (isDated) refuse(param, "must be 1 or left out: Claude's API of today takes no sampling options.")
  if (value > 1) refuse(param, 'must be at most 1: Claude goes no further.', 'unsupported_value')
  return value
}

function readTier(value: unknown): string {
  if (value === 'auto') return 'auto'
  return value === 'default' ? 'standard_only' : refuse('service_tier', 'must be auto or default.', 'unsupported_value')
}

/** Effort in Claude's words; `none` is no thinking. */
export function readEffort(value: unknown, param: string): Pick<ChatOptions, 'effort' | 'thinking'> {
  if (value === null || value === undefined) return {}
  if (value === 'none') return { thinking: false }
  const effort = value === 'minimal' ? 'low' : value
  const known = ['low', 'medium', 'high', 'xhigh', 'max']
  if (!known.includes(effort as string)) refuse(param, `must be none, minimal, ${known.join(', ')}.`, 'invalid_value')
  return { effort: effort as Effort }
}

/** The format of an answer, from `response_format` or `text.format`, whose schema stands in it; `json` is an object of any form. */
export function readFormat(format: Fields, schema: Fields, param: string): object | 'json' | undefined {
  if (format.type === 'text') return undefined
  if (format.type === 'json_object') return 'json'
  if (format.type !== 'json_schema') {
    refuse(`${param}.type`, 'must be text, json_object or json_schema.', 'unsupported_value')
  }
  const given = fieldsOf(schema.schema, `${param}.schema`)
  const named = schema.description ? { description: schema.description, ...given } : given
  return { format: { type: 'json_schema', schema: readStrict(named, `${param}.schema`) } }
}

/** What the system says, with what an answer in JSON needs: the API holds none to it without a schema. */
export function joinSystem(...parts: (string | object | undefined)[]): string | undefined {
  const texts = parts.map((part) =>
    part === 'json' ? 'Answer with one JSON object and nothing else: no words around it, no code fence.' : part,
  )
  return texts.filter((text) => typeof text === 'string' && text !== '').join('\n\n') || undefined
}

function readTools(body: Fields): { tools?: ToolUnion[]; tool_choice?: object } {
  const { tools: given, tool_choice: choice, parallel_tool_calls: parallel } = body
  const tools = given
    ? listOf(given, 'tools').map((tool, index) => readTool(fieldsOf(tool, `tools[${index}]`), `tools[${index}]`))
    : []
  if (!tools.length) {
    if (choice && choice !== 'none' && choice !== 'auto')
      refuse('tool_choice', 'must be left out where there are no tools.', 'invalid_value')
    return {}
  }
  const alone = parallel === false ? { disable_parallel_tool_use: true } : {}
  const wish = readChoice(choice)
  return {
    tools,
    ...((wish || parallel === false) && {
      tool_choice: wish === 'none' ? { type: 'none' } : { type: 'auto', ...(wish as object), ...alone },
    }),
  }
}

/** `function` holds the fields in chat completions; responses have them in the tool itself. */
function readTool(tool: Fields, param: string): ToolUnion {
  if (tool.type !== 'function')
    refuse(`${param}.type`, `must be function, not ${JSON.stringify(tool.type)}.`, 'unsupported_value')
  const nested = tool.function !== undefined
  if (nested) checkFields(tool, ['type', 'function'], {}, `${param}.`)
  const inner = nested ? fieldsOf(tool.function, `${param}.function`) : tool
  const place = nested ? `${param}.function` : param
  checkFields(inner, ['type', 'name', 'description', 'parameters', 'strict'], {}, `${place}.`)
  const { $schema: _, ...schema } = inner.parameters
    ? fieldsOf(inner.parameters, `${place}.parameters`)
    : { type: 'object', properties: {} }
  return {
    name: textOf(inner.name, `${place}.name`),
    ...(inner.description !== null && inner.description !== undefined && { description: inner.description }),
    input_schema: inner.strict ? readStrict(schema, `${place}.parameters`) : schema,
    ...(inner.strict ? { strict: true } : {}),
  } as ToolUnion
}

/** A schema that answers are held to. */
function readStrict(schema: JSONSchema, param: string): JSONSchema {
  try {
    return toStrictSchema(readSchema(schema).json)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return refuse(param, error.message.replace(/^schema /, ''), 'invalid_value')
  }
}

function readChoice(choice: unknown): object | 'none' | undefined {
  if (choice === null || choice === undefined || choice === 'auto') return undefined
  if (choice === 'none') return 'none'
  if (choice === 'required') return { type: 'any' }
  const { type, name, function: inner } = fieldsOf(choice, 'tool_choice')
  if (type !== 'function') refuse('tool_choice.type', 'must be function.', 'unsupported_value')
  return { type: 'tool', name: textOf(name ?? fieldsOf(inner, 'tool_choice.function').name, 'tool_choice.name') }
}
