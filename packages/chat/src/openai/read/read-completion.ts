import type { ContentBlockParam, MessageParam } from '@enjamb/core'
import { refuse } from '../openai-error.ts'
import { type Asked, positive, toInput } from './asked.ts'
import { checkFields, type Fields, fieldsOf, listOf, textOf } from './check-fields.ts'
import { readContent } from './read-parts.ts'
import { readEffort, readFormat, readSettings } from './read-settings.ts'

const read = [
  'model',
  'messages',
  'max_tokens',
  'max_completion_tokens',
  'temperature',
  'top_p',
  'stop',
  'stream',
  'stream_options',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'response_format',
  'reasoning_effort',
  'user',
  'safety_identifier',
  'service_tier',
]

/** What cannot be translated, with the values that ask for nothing. */
const neutral = {
  n: [1],
  logprobs: [false],
  top_logprobs: [0],
  logit_bias: [{}],
  frequency_penalty: [0],
  presence_penalty: [0],
  seed: [],
  store: [false],
  metadata: [{}],
  modalities: [['text']],
  audio: [],
  prediction: [],
  verbosity: ['medium'],
  web_search_options: [],
  prompt_cache_key: [],
  prompt_cache_options: [],
  prompt_cache_retention: ['in_memory'],
  moderation: [],
  functions: [],
  function_call: [],
}

/** @throws {OpenAIError} it asks for what cannot be had, naming the parameter */
export function readCompletion(body: Fields, isDated: boolean): Asked {
  checkFields(body, read, neutral)
  const { system, messages } = readMessages(listOf(body.messages, 'messages'))
  const settings = readSettings(body, isDated)
  const streaming = body.stream_options ? fieldsOf(body.stream_options, 'stream_options') : {}
  checkFields(streaming, ['include_usage'], { include_obfuscation: [false, true] }, 'stream_options.')
  const output_config = body.response_format
    ? readResponseFormat(fieldsOf(body.response_format, 'response_format'))
    : undefined
  return {
    model: textOf(body.model, 'model'),
    messages,
    stream: body.stream === true,
    includeUsage: streaming.include_usage === true,
    body,
    options: {
      ...settings,
      ...readEffort(body.reasoning_effort, 'reasoning_effort'),
      ...(system && { system }),
      maxTokens:
        positive(body.max_completion_tokens, 'max_completion_tokens') ?? positive(body.max_tokens, 'max_tokens'),
      body: { ...settings.body, ...(output_config && { output_config }) },
    },
  }
}

function readResponseFormat(format: Fields): object | undefined {
  checkFields(format, ['type', 'json_schema'], {}, 'response_format.')
  const schema = format.type === 'json_schema' ? fieldsOf(format.json_schema, 'response_format.json_schema') : {}
  checkFields(schema, ['name', 'description', 'schema', 'strict'], {}, 'response_format.json_schema.')
  return readFormat(format, schema, format.type === 'json_schema' ? 'response_format.json_schema' : 'response_format')
}

function readMessages(given: readonly unknown[]): { system: string; messages: MessageParam[] } {
  const system: string[] = []
  const messages: MessageParam[] = []
  for (const [index, one] of given.entries()) {
    const param = `messages[${index}]`
    const message = fieldsOf(one, param)
    switch (message.role) {
      case 'system':
      case 'developer': {
        checkFields(message, ['role', 'content'], {}, `${param}.`)
        const text = textsOf(readContent(message.content, `${param}.content`), `${param}.content`)
        // Amid a conversation it is a message of its own, which not every model takes.
        if (messages.length) messages.push({ role: 'system', content: text })
        else system.push(text)
        break
      }
      case 'user':
        checkFields(message, ['role', 'content'], {}, `${param}.`)
        messages.push({ role: 'user', content: readContent(message.content, `${param}.content`) })
        break
      case 'assistant':
        messages.push(...readAnswer(message, param))
        break
      case 'tool':
        addResult(messages, message, param)
        break
      default:
        refuse(`${param}.role`, 'must be system, developer, user, assistant or tool.', 'invalid_value')
    }
  }
  if (!messages.length) refuse('messages', 'must hold at least one that is not of the system.', 'invalid_value')
  return { system: system.join('\n\n'), messages }
}

function textsOf(blocks: readonly ContentBlockParam[], param: string): string {
  return blocks
    .map((block) => (block.type === 'text' ? block.text : refuse(param, 'must be text.', 'invalid_value')))
    .join('\n')
}

function readAnswer(message: Fields, param: string): MessageParam[] {
  checkFields(
    message,
    ['role', 'content', 'refusal', 'tool_calls'],
    { annotations: [[]], audio: [], function_call: [] },
    `${param}.`,
  )
  const said = message.content ?? message.refusal
  const calls = message.tool_calls ? listOf(message.tool_calls, `${param}.tool_calls`) : []
  const content: ContentBlockParam[] = said ? readContent(said, `${param}.content`) : []
  for (const [index, one] of calls.entries()) {
    const place = `${param}.tool_calls[${index}]`
    const call = fieldsOf(one, place)
    checkFields(call, ['id', 'type', 'function', 'index'], {}, `${place}.`)
    const { name, arguments: json } = fieldsOf(call.function, `${place}.function`)
    const input = toInput(textOf(json, `${place}.function.arguments`))
    content.push({
      type: 'tool_use',
      id: textOf(call.id, `${place}.id`),
      name: textOf(name, `${place}.function.name`),
      input,
    })
  }
  return content.length ? [{ role: 'assistant', content }] : []
}

/** The results of one answer's calls are one message. */
function addResult(messages: MessageParam[], message: Fields, param: string): void {
  checkFields(message, ['role', 'content', 'tool_call_id'], {}, `${param}.`)
  const content = readContent(message.content, `${param}.content`)
  const tool_use_id = textOf(message.tool_call_id, `${param}.tool_call_id`)
  const result = { type: 'tool_result', tool_use_id, content: content as never[] } as const
  const last = messages.at(-1)
  if (last?.role === 'user' && Array.isArray(last.content) && last.content[0]?.type === 'tool_result')
    last.content.push(result)
  else messages.push({ role: 'user', content: [result] })
}
