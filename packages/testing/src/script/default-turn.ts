import type { JSONObject, ToolUnion } from '@enjamb/core'
import { findCall } from './find-call.ts'
import { sampleOf } from './sample-of.ts'
import type { TurnSpec, TurnToolCall } from './turn.ts'
import type { TurnRequest, TurnToolResult } from './turn-request.ts'

/**
 * The reply without a script, a function of the request alone. In this order: it compacts the conversation if that is what
 * the request is for; it sums up tool results; it calls the
 * tool that `tool_choice` forces, or that the text asks for (`call NAME {"some": "input"}`, or `call`, `use` or `run`
 * before the name; input that is not given is made up from the schema); it fills the schema of `output_config.format`; it repeats the user's text.
 */
export function defaultTurn(request: TurnRequest): TurnSpec {
  const { params, text, toolResults } = request
  if ((params as { compaction?: object | null }).compaction) return compaction(request)
  if (toolResults.length > 0) return { text: summarise(toolResults) }
  const thinking = thinks(params) ? { thinking: `The user sent ${text.length} characters.` } : {}
  const call = wantedCall(request)
  if (call) return { ...thinking, text: `I will call ${call.name}.`, toolCalls: [call] }
  const format = params.output_config?.format
  if (format) return { ...thinking, text: JSON.stringify(sampleOf(format.schema)) }
  return { ...thinking, text: text === '' ? 'You sent no text.' : `You said: ${text}` }
}

function thinks({ thinking }: TurnRequest['params']): boolean {
  return thinking?.type === 'enabled' || thinking?.type === 'adaptive'
}

/** What a request of its own to compact a conversation (a beta) is answered with. */
function compaction({ params, text }: TurnRequest): TurnSpec {
  const content = `A conversation of ${params.messages.length} messages. The user said last: ${text}`
  return { content: [{ type: 'compaction', content, encrypted_content: null }] }
}

function summarise(results: TurnToolResult[]): string {
  const lines = results.map(({ name, text, isError }) => {
    const said = text.length > 400 ? `${text.slice(0, 400)}…` : text
    return `${name} ${isError ? 'failed' : 'returned'}: ${said}`
  })
  return lines.join('\n')
}

function wantedCall({ params, text }: TurnRequest): TurnToolCall | undefined {
  const { tool_choice: choice, tools = [] } = params
  const callable = tools.flatMap((tool) => ('name' in tool && isClientTool(tool) ? [tool] : []))
  if (choice?.type === 'none') return undefined
  const names = callable.map(({ name }) => name)
  const asked = findCall(text, names)
  const name = asked?.name ?? (choice?.type === 'any' ? names[0] : choice?.type === 'tool' ? choice.name : undefined)
  const tool = callable.find((one) => one.name === name)
  return tool && { name: tool.name, input: asked?.input ?? sampleInput(tool) }
}

type NamedTool = Extract<ToolUnion, { name: string }>

function isClientTool(tool: ToolUnion): boolean {
  return 'input_schema' in tool || /^(bash|text_editor|memory)_/.test(tool.type ?? '')
}

function sampleInput(tool: NamedTool): JSONObject {
  return 'input_schema' in tool ? (sampleOf(tool.input_schema) as JSONObject) : {}
}
