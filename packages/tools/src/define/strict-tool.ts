import { ConfigError, type ToolInputSchema, toStrictSchema } from '@enjamb/core'
import type { Tool } from './tool.ts'

/**
 * A tool whose input the API holds to its schema: every input that the model writes is JSON that fits. The schema is sent
 * as `toStrictSchema` has it; what the API cannot enforce is said in the description, and checked here as before.
 *
 * A function of its own, so that who has no strict tool bundles nothing of it.
 *
 * @throws {ConfigError} the tool is one that the API defines
 * @see https://platform.claude.com/docs/en/agents-and-tools/tool-use/strict-tool-use
 * @example
 * const book = strictTool(defineTool({ name: 'book', description: 'Books a table.', input, run }))
 */
export function strictTool<Input>(tool: Tool<Input>): Tool<Input> {
  const { definition } = tool
  if (!('input_schema' in definition)) throw new ConfigError(`Tool "${tool.name}" has no input schema of its own.`)
  const input_schema = toStrictSchema(definition.input_schema) as ToolInputSchema
  return { ...tool, definition: { ...definition, input_schema, strict: true } }
}
