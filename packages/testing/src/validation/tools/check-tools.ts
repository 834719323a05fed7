import type { MessageParams } from '@enjamb/core'
import { invalidRequest } from '../../errors/rejection.ts'
import { countComplexity } from './count-complexity.ts'
import { findSchemaFault } from './find-schema-fault.ts'

const mostStrict = 20
const mostOptional = 24
const mostUnions = 16

interface LooseTool {
  type?: string | null
  name?: string
  strict?: boolean
  defer_loading?: boolean
  input_schema?: object
}

/**
 * That tools have names of their own and schemas that hold, and the choice is one of them.
 *
 * @throws {Rejection}
 */
export function checkTools({ tools = [], tool_choice: choice, output_config }: MessageParams): void {
  const loose = tools as LooseTool[]
  const names = loose.flatMap(({ name }) => (name === undefined ? [] : [name]))
  if (new Set(names).size < names.length) throw invalidRequest('tools: Tool names must be unique.')
  for (const [index, { input_schema: schema }] of loose.entries()) {
    if (schema) checkSchema(schema, `tools.${index}.custom.input_schema`)
  }
  if (loose.length > 0 && loose.every((tool) => tool.defer_loading === true)) {
    throw invalidRequest('All tools have defer_loading set. At least one tool must be non-deferred.')
  }
  checkStrict(loose, output_config?.format?.schema)
  if (!choice || choice.type === 'none') return
  if (tools.length === 0) {
    throw invalidRequest('tool_choice: tool_choice may only be specified while providing tools.')
  }
  if (choice.type === 'tool' && !names.includes(choice.name)) {
    throw invalidRequest(`Tool '${choice.name}' not found in provided tools`)
  }
}

function checkSchema(schema: object, place: string): void {
  if (findSchemaFault(schema) === undefined) return
  throw invalidRequest(
    `${place}: JSON schema is invalid. It must match JSON Schema draft 2020-12 (https://json-schema.org/draft/2020-12). ` +
      'Learn more about tool use at https://docs.claude.com/en/docs/tool-use.',
  )
}

/** What is made into a grammar has limits, over all of a request's schemas together. */
function checkStrict(tools: LooseTool[], format: object | undefined): void {
  if (format) checkSchema(format, 'output_config.format.schema')
  const strict = tools.filter((tool) => tool.strict === true && tool.input_schema)
  if (strict.length > mostStrict) {
    throw invalidRequest(
      `Too many strict tools (${strict.length}). The maximum number of strict tools supported is ${mostStrict}. ` +
        'Try reducing the number of tools marked as strict.',
    )
  }
  const schemas = [...strict.map((tool) => tool.input_schema as object), ...(format ? [format] : [])]
  let [optional, unions] = [0, 0]
  for (const schema of schemas) {
    const found = countComplexity(schema)
    if (found.open) {
      const place =
        schema === format
          ? 'output_config.format.schema'
          : `tools.${tools.findIndex((tool) => tool.input_schema === schema)}.custom`
      throw invalidRequest(`${place}: For 'object' type, 'additionalProperties' must be explicitly set to false`)
    }
    optional += found.optional
    unions += found.unions
  }
  if (optional > mostOptional) {
    throw invalidRequest(
      `Schemas contains too many optional parameters (${optional}), which would make grammar compilation inefficient. ` +
        `Reduce the number of optional parameters in your tool schemas (limit: ${mostOptional}).`,
    )
  }
  if (unions > mostUnions) {
    throw invalidRequest(
      `Schemas contains too many parameters with union types (${unions} parameters with type arrays or anyOf), which would ` +
        `make grammar compilation inefficient. Reduce the number of parameters with union types (limit: ${mostUnions}).`,
    )
  }
}
