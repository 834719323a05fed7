import type { JSONObject, ToolUnion } from '@enjamb/core'
import { sampleOf } from './sample-of.ts'
import type { TurnSpec, TurnToolCall } from './turn.ts'
import type { TurnRequest, TurnToolResult } from './turn-request.ts'

/**
 * The reply without a script, a function of the request alone. In this order: it sums up tool results; it calls the
 * tool that `tool_choice` forces, or that the text asks for (`call NAME {"some": "input"}`, or `call`, `use` or `run`
 * before the name; input that is not given is made up from the schema); it fills the schema of `output_config.format`; it repeats the user's text.
 */
export function defaultTurn(request: TurnRequest): TurnSpec {
  const { params, text, toolResults } = request
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
  for (const tool of callable) {
    const asked = findCall(text, tool.name)
    if (asked) return { name: tool.name, input: asked.input ?? sampleInput(tool) }
  }
  const forced =
    choice?.type === 'any' ? callable[0] : choice?.type === 'tool' && callable.find(({ name }) => name === choice.name)
  return forced ? { name: forced.name, input: sampleInput(forced) } : undefined
}

type NamedTool = Extract<ToolUnion, { name: string }>

function isClientTool(tool: ToolUnion): boolean {
  return 'input_schema' in tool || /^(bash|text_editor|memory)_/.test(tool.type ?? '')
}

function sampleInput(tool: NamedTool): JSONObject {
  return 'input_schema' in tool ? (sampleOf(tool.input_schema) as JSONObject) : {}
}

function findCall(text: string, name: string): { input?: JSONObject } | undefined {
  const escaped = name.replace(/[^\w]/g, '\\$&')
  const match = new RegExp(
    `\\b(?:call|use|run)\\s+(?:the\\s+)?(?:tool\\s+)?["'\`]?${escaped}["'\`]?(?![\\w-])`,
    'i',
  ).exec(text)
  if (!match) return undefined
  const rest = text.slice(match.index + match[0].length).trimStart()
  if (!rest.startsWith('{')) return {}
  // The object ends at one of the closing braces; the first prefix that parses is it.
  for (let end = rest.indexOf('}'); end !== -1; end = rest.indexOf('}', end + 1)) {
    try {
      return { input: JSON.parse(rest.slice(0, end + 1)) as JSONObject }
    } catch {}
  }
  return {}
}
