import { refuse } from '../openai-error.ts'
import { type Asked, positive, toInput } from './asked.ts'
import { checkFields, type Fields, fieldsOf, listOf, textOf } from './check-fields.ts'
import { createHistory, type History } from './create-history.ts'
import { readContent } from './read-parts.ts'
import { readEffort, readFormat, readSettings } from './read-settings.ts'

const read = [
  'model',
  'input',
  'instructions',
  'max_output_tokens',
  'temperature',
  'top_p',
  'stream',
  'stream_options',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'text',
  'reasoning',
  'user',
  'safety_identifier',
  'service_tier',
]

/** What cannot be translated, with the values that ask for nothing. */
const neutral = {
  background: [false],
  context_management: [[]],
  conversation: [],
  include: [[]],
  metadata: [{}],
  moderation: [],
  previous_response_id: [],
  prompt: [],
  prompt_cache_key: [],
  prompt_cache_options: [],
  prompt_cache_retention: ['in_memory'],
  store: [false],
  top_logprobs: [0],
  truncation: ['disabled'],
}

/** @throws {OpenAIError} it asks for what cannot be had, naming the parameter */
export function readResponse(body: Fields, isDated: boolean): Asked {
  checkFields(body, read, neutral)
  const { system, messages } = readInput(body.input)
  const settings = readSettings(body, isDated)
  const streaming = body.stream_options ? fieldsOf(body.stream_options, 'stream_options') : {}
  checkFields(streaming, [], { include_obfuscation: [false, true] }, 'stream_options.')
  const reasoning = body.reasoning ? fieldsOf(body.reasoning, 'reasoning') : {}
  checkFields(reasoning, ['effort'], { summary: [], generate_summary: [] }, 'reasoning.')
  const output_config = body.text ? readText(fieldsOf(body.text, 'text')) : undefined
  const instructions = body.instructions ? [textOf(body.instructions, 'instructions')] : []
  return {
    model: textOf(body.model, 'model'),
    messages,
    stream: body.stream === true,
    includeUsage: true,
    body,
    options: {
      ...settings,
      ...readEffort(reasoning.effort, 'reasoning.effort'),
      system: [...instructions, system].filter(Boolean).join('\n\n') || undefined,
      maxTokens: positive(body.max_output_tokens, 'max_output_tokens'),
      body: { ...settings.body, ...(output_config && { output_config }) },
    },
  }
}

function readText(text: Fields): object | undefined {
  checkFields(text, ['format'], { verbosity: ['medium'] }, 'text.')
  if (!text.format) return undefined
  const format = fieldsOf(text.format, 'text.format')
  checkFields(format, ['type', 'name', 'description', 'schema', 'strict'], {}, 'text.format.')
  return readFormat(format, format, 'text.format')
}

function readInput(input: unknown): History {
  const history = createHistory()
  const items = typeof input === 'string' ? [{ role: 'user', content: input }] : listOf(input, 'input')
  for (const [index, one] of items.entries()) addItem(history, fieldsOf(one, `input[${index}]`), `input[${index}]`)
  if (!history.messages.length) {
    refuse('input', 'must hold at least one message that is not of the system.', 'invalid_value')
  }
  return history
}

function addItem(history: History, item: Fields, param: string): void {
  const { type = 'message', call_id, name, arguments: json } = item
  if (type === 'message') addMessage(history, item, param)
  else if (type === 'function_call') {
    checkFields(item, ['type', 'id', 'call_id', 'name', 'arguments', 'status'], {}, `${param}.`)
    const call = { id: textOf(call_id, `${param}.call_id`), name: textOf(name, `${param}.name`) }
    history.add('assistant', [{ type: 'tool_use', ...call, input: toInput(textOf(json, `${param}.arguments`)) }])
  } else if (type === 'function_call_output') {
    checkFields(item, ['type', 'id', 'call_id', 'output', 'status'], {}, `${param}.`)
    const content = readContent(item.output, `${param}.output`) as never[]
    history.add('user', [{ type: 'tool_result', tool_use_id: textOf(call_id, `${param}.call_id`), content }])
  } else {
    refuse(`${param}.type`, `must be message, function_call or function_call_output, not ${type}.`, 'unsupported_value')
  }
}

function addMessage(history: History, item: Fields, param: string): void {
  checkFields(item, ['type', 'id', 'role', 'content', 'status', 'phase'], {}, `${param}.`)
  const content = readContent(item.content, `${param}.content`)
  if (item.role === 'user' || item.role === 'assistant') history.add(item.role, content)
  else if (item.role === 'system' || item.role === 'developer') history.addSystem(content, `${param}.content`)
  else refuse(`${param}.role`, 'must be system, developer, user or assistant.', 'invalid_value')
}
