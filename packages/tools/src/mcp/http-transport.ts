import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { brokenOff } from './failure.ts'
import type { McpEndpoint } from './mcp-options.ts'

const goodbyeMs = 2_000

/** Streamable HTTP: a call whose answer breaks off fails then, and a session is ended at the server, too. */
export class HttpTransport extends StreamableHTTPClientTransport {
  #closed: Promise<void> | undefined

  constructor({ url, headers, fetch, authProvider }: McpEndpoint) {
    super(new URL(url), {
      ...(headers && { requestInit: { headers: { ...headers } } }),
      ...(fetch && { fetch }),
      ...(authProvider && { authProvider }),
    })
  }

  override send(...[message, options]: Parameters<StreamableHTTPClientTransport['send']>): Promise<void> {
    // Without this the official client waits for an answer until its time is up.
    const onRequestStreamEnd = () => {
      if ('id' in message && message.id !== undefined && 'method' in message) {
        const error = { code: -32_000, message: brokenOff }
        this.onmessage?.({ jsonrpc: '2.0', id: message.id, error })
      }
    }
    return super.send(message, { onRequestStreamEnd, ...options })
  }

  override close(): Promise<void> {
    this.#closed ??= this.#end()
    return this.#closed
  }

  async #end(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, goodbyeMs)
    })
    await Promise.race([this.terminateSession().catch(() => {}), late])
    clearTimeout(timer)
    await super.close()
  }
}
