import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Tool } from '../define/tool.ts'

/** What becomes of the input that a model wrote: the value that runs, or all that is wrong with it. */
export async function checkInput(tool: Tool, input: unknown): Promise<StandardSchemaV1.Result<unknown>> {
  const text: unknown = Object(input).INVALID_JSON
  if (text !== undefined) return { issues: [{ message: `is no JSON object: ${text}` }] }
  // What the model wrote stays in the history as it is, whatever the tool does with it.
  return tool.validate(structuredClone(input))
}
