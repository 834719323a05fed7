import type { ContentBlockParam } from '@enjamb/core'
import { refuse } from '../openai-error.ts'
import { type Asked, positive, toInput } from './asked.ts'
import { checkFields, type Fields, fieldsOf, listOf, textOf } from './check-fields.ts'
import { createHistory, type History } from './create-history.ts'
import { readContent } from './read-parts.ts'
import { joinSystem, readEffort, readFormat, readSettings } from './read-settings.ts'

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
  const format = body.response_format
    ? readResponseFormat(fieldsOf(body.response_format, 'response_format'))
    : undefined
  return {
    model: textOf(body.model, 'model'),
    messages,
    stream: body.stream === true,
    includeUsage: streaming.include_usage === true,
    body,
    ...(format === 'json' && { isJSON: true }),
    options: {
      ...settings,
      ...readEffort(body.reasoning_effort, 'reasoning_effort'),
      system: joinSystem(system, format),
      maxTokens:
        positive(body.max_completion_tokens, 'max_completion_tokens') ?? positive(body.max_tokens, 'max_tokens'),
      body: { ...settings.body, ...(typeof format === 'object' && { output_config: format }) },
    },
  }
}

function readResponseFormat(format: Fields): object | 'json' | undefined {
  checkFields(format, ['type', 'json_schema'], {}, 'response_format.')
  const schema = format.type === 'json_schema' ? fieldsOf(format.json_schema, 'response_format.json_schema') : {}
  checkFields(schema, ['name', 'description', 'schema', 'strict'], {}, 'response_format.json_schema.')
  return readFormat(format, schema, format.type === 'json_schema' ? 'response_format.json_schema' : 'response_format')
}

function readMessages(given: readonly unknown[]): History {
  const history = createHistory()
  for (const [index, one] of given.entries())
    addMessage(history, fieldsOf(one, `messages[${index}]`), `messages[${index}]`)
  if (!history.messages.length) refuse('messages', 'must hold at least one that is not of the system.', 'invalid_value')
  return history
}

function addMessage(history: History, message: Fields, param: string): void {
  const { role } = message
  if (role === 'assistant') {
    history.add('assistant', readAnswer(message, param))
    return
  }
  const known = ['system', 'developer', 'user', 'tool']
  if (!known.includes(role as string))
    refuse(`${param}.role`, `must be ${known.join(', ')} or assistant.`, 'invalid_value')
  checkFields(message, ['role', 'content', ...(role === 'tool' ? ['tool_call_id'] : [])], {}, `${param}.`)
  const content = readContent(message.content, `${param}.content`)
  if (role === 'user') history.add('user', content)
  else if (role === 'tool') {
    const tool_use_id = textOf(message.tool_call_id, `${param}.tool_call_id`)
    history.add('user', [{ type: 'tool_result', tool_use_id, content: content as never[] }])
  } else history.addSystem(content, `${param}.content`)
}

function readAnswer(message: Fields, param: string): ContentBlockParam[] {
  const none = { annotations: [[]], audio: [], function_call: [] }
  checkFields(message, ['role', 'content', 'refusal', 'tool_calls'], none, `${param}.`)
  const said = message.content ?? message.refusal
  const calls = message.tool_calls ? listOf(message.tool_calls, `${param}.tool_calls`) : []
  return [
    ...(said ? readContent(said, `${param}.content`) : []),
    ...calls.map((one, index): ContentBlockParam => {
      const place = `${param}.tool_calls[${index}]`
      const call = fieldsOf(one, place)
      checkFields(call, ['id', 'type', 'function', 'index'], {}, `${place}.`)
      const { name, arguments: json } = fieldsOf(call.function, `${place}.function`)
      return {
        type: 'tool_use',
        id: textOf(call.id, `${place}.id`),
        name: textOf(name, `${place}.function.name`),
        input: toInput(textOf(json, `${place}.function.arguments`)),
      }
    }),
  ]
}
