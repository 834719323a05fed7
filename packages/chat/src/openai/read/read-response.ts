import { refuse } from '../openai-error.ts'
import { unsealThinking } from '../reasoning.ts'
import type { StoredResponse } from '../response-store.ts'
import { type Asked, positive, toInput } from './asked.ts'
import { checkFields, type Fields, fieldsOf, listOf, textOf } from './check-fields.ts'
import { createHistory, type History } from './create-history.ts'
import { readContent } from './read-parts.ts'
import { joinSystem, readEffort, readFormat, readSettings } from './read-settings.ts'

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
  'include',
  'previous_response_id',
  'store',
  'reasoning',
  'user',
  'safety_identifier',
  'service_tier',
]

/** All are the one summary that there is. */
const summaries = ['auto', 'concise', 'detailed']

/** What cannot be translated, with the values that ask for nothing. */
const neutral = {
  background: [false],
  context_management: [[]],
  conversation: [],
  metadata: [{}],
  moderation: [],
  prompt: [],
  prompt_cache_key: [],
  prompt_cache_options: [],
  prompt_cache_retention: ['in_memory'],
  top_logprobs: [0],
  truncation: ['disabled'],
}

/**
 * @param previous what it goes on from
 * @param keeps whether responses are kept here
 * @throws {OpenAIError} it asks for what cannot be had, naming the parameter
 */
export function readResponse(body: Fields, isDated: boolean, previous?: StoredResponse, keeps = false): Asked {
  checkFields(body, read, neutral)
  if (body.store && !keeps) refuse('store', 'must be false or left out: this server keeps no responses.')
  for (const one of body.include ? listOf(body.include, 'include') : []) {
    // It is there in any case.
    if (one !== 'reasoning.encrypted_content') refuse('include', 'must be reasoning.encrypted_content or left out.')
  }
  const { system, messages } = readInput(body.input, previous)
  const settings = readSettings(body, isDated)
  const streaming = body.stream_options ? fieldsOf(body.stream_options, 'stream_options') : {}
  checkFields(streaming, [], { include_obfuscation: [false, true] }, 'stream_options.')
  const reasoning = body.reasoning ? fieldsOf(body.reasoning, 'reasoning') : {}
  checkFields(reasoning, ['effort'], { summary: summaries, generate_summary: summaries }, 'reasoning.')
  const format = body.text ? readText(fieldsOf(body.text, 'text')) : undefined
  const instructions = body.instructions ? [textOf(body.instructions, 'instructions')] : []
  return {
    model: textOf(body.model, 'model'),
    messages,
    stream: body.stream === true,
    includeUsage: true,
    body,
    system,
    ...(format === 'json' && { isJSON: true }),
    options: {
      ...settings,
      ...readEffort(reasoning.effort, 'reasoning.effort'),
      display: reasoning.summary || reasoning.generate_summary ? 'summarized' : undefined,
      system: joinSystem(...instructions, system, format),
      maxTokens: positive(body.max_output_tokens, 'max_output_tokens'),
      body: { ...settings.body, ...(typeof format === 'object' && { output_config: format }) },
    },
  }
}

function readText(text: Fields): object | 'json' | undefined {
  checkFields(text, ['format'], { verbosity: ['medium'] }, 'text.')
  if (!text.format) return undefined
  const format = fieldsOf(text.format, 'text.format')
  checkFields(format, ['type', 'name', 'description', 'schema', 'strict'], {}, 'text.format.')
  return readFormat(format, format, 'text.format')
}

function readInput(input: unknown, previous: StoredResponse | undefined): History {
  const history = createHistory(previous)
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
  } else if (type === 'reasoning') {
    checkFields(item, ['type', 'id', 'summary', 'content', 'encrypted_content', 'status'], {}, `${param}.`)
    const place = `${param}.encrypted_content`
    // Without it, it is the client's own words: the API takes back what it has signed.
    if (item.encrypted_content) history.add('assistant', [unsealThinking(textOf(item.encrypted_content, place), place)])
  } else {
    const known = 'message, reasoning, function_call or function_call_output'
    refuse(`${param}.type`, `must be ${known}, not ${type}.`, 'unsupported_value')
  }
}

function addMessage(history: History, item: Fields, param: string): void {
  checkFields(item, ['type', 'id', 'role', 'content', 'status', 'phase'], {}, `${param}.`)
  const content = readContent(item.content, `${param}.content`)
  if (item.role === 'user' || item.role === 'assistant') history.add(item.role, content)
  else if (item.role === 'system' || item.role === 'developer') history.addSystem(content, `${param}.content`)
  else refuse(`${param}.role`, 'must be system, developer, user or assistant.', 'invalid_value')
}
