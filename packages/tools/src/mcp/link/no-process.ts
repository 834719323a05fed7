import { ConfigError } from '@enjamb/core'
import type { McpProcess } from '../mcp-options.ts'

/** What a browser has in place of processes. */
export class ProcessTransport {
  readonly lastWords = ''

  constructor({ command }: McpProcess) {
    throw new ConfigError(`"${command}" cannot be started here: there are no processes. Give the server a url.`)
  }
}
