import { ConfigError, checkOptions, type JSONSchema, requestOptionNames, tryJSONSchema } from '@enjamb/core'
import { toolName } from '../call/tool-name.ts'
import type { Checks } from './checks.ts'

export const checkDefinition: Checks['checkDefinition'] = (options, schema) => {
  checkOptions('defineTool', options, definitionOptions)
  const { name, run, wire } = options as { name: string; run: unknown; wire?: object }
  if (!/^[\w-]{1,128}$/.test(name)) {
    throw new ConfigError(`A tool's name is 1 to 128 letters, digits, _ and -; "${name}" is not.`)
  }
  // The API would refuse the schema as it is.
  if (wire && 'strict' in wire) throw new ConfigError(`Make "${name}" strict with strictTool.`)
  if ('run' in options && typeof run !== 'function') throw new ConfigError(`Tool "${name}" needs a function as run.`)
  try {
    if (schema) tryJSONSchema(schema)
  } catch (cause) {
    const why = cause instanceof RangeError ? 'a $ref leads back to itself' : (cause as Error).message
    throw new ConfigError(`The JSON Schema of tool "${name}" can check nothing: ${why}.`, { cause })
  }
}

export const checkInputSchema: Checks['checkInputSchema'] = (name, read) => {
  let schema: JSONSchema = {}
  let cause: unknown
  try {
    schema = Object(read())
  } catch (error) {
    cause = error
  }
  // The API takes an object at the top, and no union there.
  if (schema.type === 'object' && !schema.anyOf && !schema.oneOf && !schema.allOf) return schema
  throw new ConfigError(
    `The input of tool "${name}" needs a JSON Schema with type "object" and no union at its top. ${cause ?? ''}`,
    { cause },
  )
}

export const checkRun: Checks['checkRun'] = (options, messages) => {
  checkOptions('runTools', options, runOptions)
  const { maxTurns = 1, concurrency = 1 } = options as { maxTurns?: number; concurrency?: number }
  if (!(maxTurns >= 1 && concurrency >= 1)) throw new ConfigError('maxTurns and concurrency must be 1 or more.')
  if (!Array.isArray(messages)) throw new ConfigError('messages must be a list.')
}

export const checkTools: Checks['checkTools'] = (entries) => {
  if (!Array.isArray(entries)) throw new ConfigError(noList)
  const names = new Set<string>()
  for (const entry of entries) {
    const name = toolName(Object(entry))
    if (!name) throw new ConfigError(noList)
    if (names.has(name)) throw new ConfigError(`Two tools are named "${name}".`)
    if ('input_schema' in entry)
      throw new ConfigError(`"${name}" is the definition of a tool alone; make the tool with defineTool.`)
    names.add(name)
  }
}

const noList = 'tools must be a list of what defineTool makes.'

const definitionOptions = [
  'name',
  'description',
  'input',
  'run',
  'readOnly',
  'idempotent',
  'independent',
  'timeoutMs',
  'maxResultChars',
  'wire',
]

const runOptions = [
  'ask',
  'maxTurns',
  'concurrency',
  'permission',
  'budget',
  'costOf',
  'onEvent',
  'onReply',
  'onSpend',
  'onCheckpoint',
  'aroundCall',
  'beforeTurn',
  'stopWhen',
  'thread',
  ...requestOptionNames,
  'maxFrameBytes',
]
