import type { Tool } from '../../define/tool.ts'
import type { ListedTool } from '../server/list-tools.ts'
import { toInputSchema } from './schema/tool-schema.ts'
import { toToolName } from './tool-name.ts'

const maxDescriptionChars = 20_000

interface McpToolOptions extends Pick<Tool, 'timeoutMs' | 'maxResultChars' | 'run'> {
  prefix: string
  trustAnnotations: boolean
}

/**
 * A tool of a server as one of ours. The server checks the input: it alone knows which JSON Schema it means.
 *
 * @throws {Error} the API would not take its schema, or the server runs it in a way that is not supported
 */
export function toTool(listed: ListedTool, { prefix, trustAnnotations, ...options }: McpToolOptions): Tool {
  const name = toToolName(prefix, listed.name)
  if (Object(listed.execution).taskSupport === 'required') throw new Error('the server only runs it as a task')
  const { schema, hint } = toInputSchema(listed.inputSchema)
  const words = typeof listed.description === 'string' ? listed.description.slice(0, maxDescriptionChars) : ''
  const description = (`${words}${hint}` as string & { toWellFormed(): string }).toWellFormed()
  const { readOnlyHint, idempotentHint } = trustAnnotations ? Object(listed.annotations) : {}
  return {
    ...options,
    name,
    definition: { name, description, input_schema: schema },
    readOnly: readOnlyHint === true,
    idempotent: readOnlyHint === true || idempotentHint === true,
    validate: (value) => ({ value }),
  }
}
