import { ConfigError } from '@enjamb/core'
import { nearestNames } from '../call/nearest-names.ts'
import type { JSONSchema } from '../define/json-schema.ts'
import { tryJSONSchema } from '../define/try-json-schema.ts'

/**
 * @param schema where the input is checked by it
 * @throws {ConfigError} an option is misspelt, there is no `run`, or `schema` can check nothing
 */
export function checkDefinition(options: object, schema: JSONSchema | undefined): void {
  checkNames(options, definitionOptions, 'defineTool')
  const { name, run } = options as { name: string; run: unknown }
  if (typeof run !== 'function') throw new ConfigError(`Tool "${name}" needs a function as run.`)
  try {
    if (schema) tryJSONSchema(schema)
  } catch (cause) {
    const why = cause instanceof RangeError ? 'a $ref leads back to itself' : (cause as Error).message
    throw new ConfigError(`The JSON Schema of tool "${name}" can check nothing: ${why}.`, { cause })
  }
}

/** @throws {ConfigError} an option is misspelt, or there is no list of messages */
export function checkRun(options: object, messages: unknown): void {
  checkNames(options, runOptions, 'runTools')
  if (!Array.isArray(messages)) throw new ConfigError('messages must be a list.')
}

function checkNames(options: object, names: readonly string[], where: string): void {
  const wrong = Object.keys(options).find((name) => !names.includes(name))
  if (wrong === undefined) return
  const [nearest] = nearestNames(wrong, names, 1)
  throw new ConfigError(`${where} has no option "${wrong}"; did you mean "${nearest}"?`)
}

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
  'maxTurns',
  'concurrency',
  'permission',
  'budget',
  'costOf',
  'onEvent',
  'aroundCall',
  'beforeTurn',
  'stopWhen',
  'thread',
  'signal',
  'timeoutMs',
  'idleTimeoutMs',
  'deadlineMs',
  'headers',
  'betas',
  'retry',
  'project',
  'onResponse',
  'maxFrameBytes',
]
