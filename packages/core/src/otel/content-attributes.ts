import type { Attributes } from '@opentelemetry/api'
import { redact } from '../errors/redact.ts'
import type { MessageParams } from '../wire/index.ts'
import type { PartialMessage } from './outcome-attributes.ts'
import { given } from './request-attributes.ts'

/** A block of any kind, known or not. */
interface Block {
  readonly type?: unknown
  readonly [key: string]: unknown
}

/** What was said to the model, as JSON in the form of the conventions. */
export function inputContent(params: unknown): Attributes {
  const { system, messages, tools } = Object(params) as Partial<MessageParams>
  return given({
    'gen_ai.system_instructions': toJSON(system && parts(system)),
    'gen_ai.input.messages': toJSON(
      messages?.map(({ role, content }) => ({ role: isToolResult(content) ? 'tool' : role, parts: parts(content) })),
    ),
    'gen_ai.tool.definitions': toJSON(tools?.map((tool) => definition(tool as unknown as Block))),
  })
}

/** What the model said, as far as it arrived. */
export function outputContent({ role = 'assistant', content, stop_reason }: PartialMessage): Attributes {
  if (!content) return {}
  const message = { role, parts: parts(content), finish_reason: stop_reason ?? 'error' }
  return { 'gen_ai.output.messages': toJSON([message]) as string }
}

function toJSON(value: unknown): string | undefined {
  return value ? redact(JSON.stringify(value)) : undefined
}

/** In the conventions results have a role of their own. */
function isToolResult(content: unknown): boolean {
  return Array.isArray(content) && content[0] && content.every((block: Block) => block?.type === 'tool_result')
}

function parts(content: unknown): object[] {
  if (typeof content === 'string') return [{ type: 'text', content }]
  return Array.isArray(content) ? content.map(part) : []
}

function part(block: Block): object {
  switch (block.type) {
    case 'text':
      return { type: 'text', content: block.text }
    case 'thinking':
      return { type: 'reasoning', content: block.thinking }
    case 'tool_use':
      return { type: 'tool_call', id: block.id, name: block.name, arguments: block.input }
    case 'tool_result':
      return { type: 'tool_call_response', id: block.tool_use_id, response: response(block.content) }
    default:
      return withoutBytes(block)
  }
}

function response(content: unknown): unknown {
  return Array.isArray(content) ? content.map(part) : (content ?? null)
}

/** Pictures and documents are named, not copied: no span has room for them. */
function withoutBytes(block: Block): object {
  const source = block.source as Block | undefined
  return source?.type === 'base64' ? { ...block, source: { ...source, data: '…' } } : block
}

function definition({ type, name, description, input_schema }: Block): object {
  return input_schema ? { type: 'function', name, description, parameters: input_schema } : { type, name }
}
