import { ConfigError, checkOptions } from '@enjamb/core'
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
export function checkMcpOptions(given: McpOptions): void {
  checkOptions('mcpTools', given, Object.keys(options))
  for (const name of ['startTimeoutMs', 'timeoutMs', 'maxResultChars'] as const) checkNumber(given[name], name)
}

/** @throws {ConfigError} it cannot be one */
export function checkServer(name: string, server: McpServer): void {
  const whose = `MCP server "${name}"`
  const { command, args = [], url, env, headers, cwd, ...rest } = Object(server) as { [option: string]: unknown }
  checkOptions(whose, Object(server), Object.keys(serverOptions))
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
