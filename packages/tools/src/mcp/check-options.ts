import { ConfigError } from '@enjamb/core'
import type { McpOptions, McpServer } from './mcp-options.ts'

type Names<T> = { readonly [name in keyof T]-?: true }
type Keys<T> = T extends unknown ? keyof T : never

const options: Names<McpOptions> = { startTimeoutMs: true, timeoutMs: true, maxResultChars: true, logger: true }
const serverOptions: Names<Record<Keys<McpServer>, unknown>> = {
  command: true,
  args: true,
  env: true,
  cwd: true,
  url: true,
  headers: true,
  fetch: true,
  authProvider: true,
  trustAnnotations: true,
  timeoutMs: true,
}

/** @throws {ConfigError} one that there is not, or that is not what it should be */
export function checkOptions(given: McpOptions): void {
  checkNames(given, options, 'mcpTools')
  for (const name of ['startTimeoutMs', 'timeoutMs', 'maxResultChars'] as const) checkNumber(given[name], name)
}

/** @throws {ConfigError} it cannot be one */
export function checkServer(name: string, server: McpServer): void {
  const whose = `MCP server "${name}"`
  const { command, args = [], url, env, headers, cwd, ...rest } = Object(server) as { [option: string]: unknown }
  checkNames(Object(server), serverOptions, whose)
  if ((command === undefined) === (url === undefined))
    throw new ConfigError(`${whose} needs either a command or a url.`)
  if (url !== undefined && !(URL.canParse(String(url)) && /^https?:/i.test(String(url)))) {
    throw new ConfigError(`The url of ${whose} must be an http or https URL.`)
  }
  for (const [option, value] of Object.entries({ command, cwd })) {
    const isGiven = value !== undefined
    if (isGiven && (typeof value !== 'string' || !value))
      throw new ConfigError(`${option} of ${whose} is not a string.`)
  }
  if (!Array.isArray(args) || !args.every((one) => typeof one === 'string')) {
    throw new ConfigError(`args of ${whose} is not a list of strings.`)
  }
  for (const [option, values] of Object.entries({ env, headers })) {
    if (values !== undefined && !isRecord(values)) {
      throw new ConfigError(`${option} of ${whose} is not an object of strings.`)
    }
  }
  for (const [key, value] of Object.entries({ ...Object(env), ...Object(headers) })) {
    if (typeof value !== 'string') throw new ConfigError(`${key} of ${whose} is not a string.`)
  }
  for (const [key, value] of Object.entries(Object(headers))) {
    if (!isHeader(key, String(value))) throw new ConfigError(`${key} of ${whose} cannot be sent as a header.`)
  }
  checkNumber(rest.timeoutMs, `timeoutMs of ${whose}`)
}

function checkNumber(value: unknown, name: string): void {
  if (value === undefined || (typeof value === 'number' && value >= 0)) return
  throw new ConfigError(`${name} is not a number, 0 or more.`)
}

/** Not what keeps its values elsewhere, as `Headers` and maps do. */
function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !(Symbol.iterator in value)
}

/** The platform's own error would show the value. */
function isHeader(name: string, value: string): boolean {
  try {
    return !!new Headers([[name, value]])
  } catch {
    return false
  }
}

function checkNames(given: object, known: object, whose: string): void {
  for (const [name, value] of Object.entries(given)) {
    if (Object.hasOwn(known, name) || value === undefined) continue
    const names = Object.keys(known)
    const nearest = names.sort((a, b) => distance(name, a) - distance(name, b))[0]!
    const advice =
      distance(name, nearest) <= nearest.length / 2
        ? `did you mean ${nearest}?`
        : `there are ${names.sort().join(', ')}.`
    throw new ConfigError(`${whose} has no option ${JSON.stringify(name.slice(0, 100))}: ${advice}`)
  }
}

/** How many characters differ, whatever their case: put in, taken out or replaced. */
function distance(given: string, known: string): number {
  const from = given.slice(0, 100).toLowerCase()
  let above = Array.from({ length: known.length + 1 }, (_, index) => index)
  for (let row = 1; row <= from.length; row++) {
    const line = [row]
    for (let column = 1; column <= known.length; column++) {
      const replaced = above[column - 1]! + (from[row - 1] === known[column - 1]?.toLowerCase() ? 0 : 1)
      line.push(Math.min(replaced, above[column]! + 1, line[column - 1]! + 1))
    }
    above = line
  }
  return above[known.length]!
}
