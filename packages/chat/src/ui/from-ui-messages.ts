import {
  ConfigError,
  type ContentBlockParam,
  type MessageParam,
  type ToolResultBlockParam,
  withReply,
} from '@enjamb/core'

/** A message as `useChat` sends it: `UIMessage` of the AI SDK is one. */
export interface UIMessageLike {
  role: 'system' | 'user' | 'assistant'
  parts: readonly { type: string }[]
}

interface Part {
  type: string
  text?: string
  url?: string
  mediaType?: string
  filename?: string
  toolName?: string
  toolCallId?: string
  state?: string
  input?: unknown
  rawInput?: unknown
  output?: unknown
  errorText?: string
  providerExecuted?: boolean
  providerMetadata?: { anthropic?: { signature?: string; redactedData?: string } }
}

/**
 * What `useChat` sends, as the API takes it: text, images, PDFs and texts as files, thinking with its signature, and calls
 * of tools with their results. What only the interface needs (sources, data, steps) is left out, and so are calls
 * without a result, and those of server tools, whose results the API alone can read.
 *
 * The `system` messages among them are the client's words: they are refused, for a client must not say what a server is to do.
 *
 * @throws {ConfigError} there is a system message, or a file of a type that the API does not take
 */
export function fromUIMessages(messages: readonly UIMessageLike[]): MessageParam[] {
  let history: MessageParam[] = []
  for (const { role, parts } of messages as readonly { role: string; parts: readonly Part[] }[]) {
    if (role === 'system')
      throw new ConfigError('system messages must not come from the client: give system to the chat.')
    const content = role === 'assistant' ? [] : parts.flatMap(toBlock)
    if (role === 'assistant') history = addAnswer(history, parts)
    else if (content.length) history.push({ role: 'user', content })
  }
  return history
}

/** An answer is one message of the API for each step, with the results of its calls between them. */
function addAnswer(history: MessageParam[], parts: readonly Part[]): MessageParam[] {
  let messages = history
  let step: Part[] = []
  const flush = () => {
    const results = step.flatMap(toResult)
    const answered = new Set(results.map(({ tool_use_id }) => tool_use_id))
    messages = withReply(messages, step.flatMap(toBlock), (id) => answered.has(id), true)
    if (results.length) messages.push({ role: 'user', content: results })
    step = []
  }
  for (const part of parts) {
    if (part.type === 'step-start') flush()
    else step.push(part)
  }
  flush()
  return messages
}

function toBlock(part: Part): ContentBlockParam[] {
  const { type, text = '' } = part
  if (type === 'text') return text.trim() ? [{ type: 'text', text }] : []
  if (type === 'file') return [toFile(part)]
  if (type === 'reasoning') {
    const { signature, redactedData } = part.providerMetadata?.anthropic ?? {}
    if (redactedData) return [{ type: 'redacted_thinking', data: redactedData }]
    return signature ? [{ type: 'thinking', thinking: text, signature }] : []
  }
  const name = callName(part)
  if (!name || !part.toolCallId) return []
  return [{ type: 'tool_use', id: part.toolCallId, name, input: Object(part.input ?? part.rawInput) }]
}

/** Of tools that ran here. */
function callName({ type, toolName, providerExecuted }: Part): string | undefined {
  if (providerExecuted) return undefined
  return type === 'dynamic-tool' ? toolName : type.startsWith('tool-') ? type.slice(5) : undefined
}

function toResult(part: Part): ToolResultBlockParam[] {
  const { state, toolCallId: tool_use_id, output, errorText } = part
  if (!callName(part) || !tool_use_id) return []
  if (state === 'output-error') return [{ type: 'tool_result', tool_use_id, content: `${errorText}`, is_error: true }]
  if (state === 'output-denied') {
    return [{ type: 'tool_result', tool_use_id, content: 'The user did not allow this call.', is_error: true }]
  }
  if (state !== 'output-available') return []
  const isContent = typeof output === 'string' || (Array.isArray(output) && output.every((block) => Object(block).type))
  const content = (isContent ? output : JSON.stringify(output ?? null)) as NonNullable<ToolResultBlockParam['content']>
  return [{ type: 'tool_result', tool_use_id, content }]
}

function toFile({ url = '', mediaType = '', filename }: Part): ContentBlockParam {
  const [, data] = /^data:[^,]*;base64,(.*)$/s.exec(url) ?? []
  const title = filename === undefined ? {} : { title: filename }
  if (mediaType.startsWith('image/')) {
    const source = data ? { type: 'base64', media_type: mediaType, data } : { type: 'url', url }
    return { type: 'image', source } as ContentBlockParam
  }
  if (mediaType === 'application/pdf') {
    const source = data ? { type: 'base64', media_type: mediaType, data } : { type: 'url', url }
    return { type: 'document', source, ...title } as ContentBlockParam
  }
  if (mediaType.startsWith('text/') && data !== undefined) {
    const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0))
    return {
      type: 'document',
      source: { type: 'text', media_type: 'text/plain', data: new TextDecoder().decode(bytes) },
      ...title,
    }
  }
  throw new ConfigError(`A file must be an image, a PDF or text, not ${mediaType || 'of an unknown type'}.`)
}
