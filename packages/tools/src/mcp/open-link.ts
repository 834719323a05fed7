import { version } from '@enjamb/core'
import { Client, type Transport } from '@modelcontextprotocol/client'
import { HttpTransport } from './http-transport.ts'
import { type ListedTool, listTools } from './list-tools.ts'
import type { McpServer } from './mcp-options.ts'

/** A connection to a server, with the tools that it had when it was made. */
export interface Link {
  readonly client: Client
  readonly tools: readonly ListedTool[]
  /** How many are under way. */
  calls: number
  /** The server's session, where it has them. */
  readonly sessionId: string | undefined
  /** Resolves when all that belongs to the connection is gone. */
  close(): Promise<void>
}

export interface LinkEvents {
  signal: AbortSignal
  timeoutMs: number
  /** The server says that its tools are others now. */
  onChanged(client: Client): void
  /** The connection ended, and nobody had closed it. */
  onLost(reason: string | undefined): void
}

// By the JSON-RPC error of a server that knows the newer protocol only. The older is tried first: all others know it, and
// some end when they are asked for anything else.
const unsupportedVersion = '-32022'

/**
 * Connects, and asks for the tools.
 *
 * @throws {Error} with `lastWords`, where the server is a process that had any
 */
export async function openLink(server: McpServer, events: LinkEvents): Promise<Link> {
  try {
    return await open(server, events, 'legacy')
  } catch (error) {
    const { code, message } = Object(error) as { code?: unknown; message?: unknown }
    if (!`${code} ${message}`.includes(unsupportedVersion)) throw error
    return open(server, events, 'auto')
  }
}

async function open(server: McpServer, events: LinkEvents, mode: 'legacy' | 'auto'): Promise<Link> {
  const { signal, timeoutMs, onChanged, onLost } = events
  const transport: ServerTransport =
    'command' in server ? new (await import('#mcp-process')).ProcessTransport(server) : new HttpTransport(server)
  let reason: string | undefined
  let open = false
  const client = new Client(
    { name: 'enjamb', version },
    {
      versionNegotiation: { mode },
      // Several changes in a row are told as one, some time after the last.
      listChanged: { tools: { autoRefresh: false, onChanged: () => onChanged(client) } },
    },
  )
  client.onerror = (error) => {
    reason = error.message
    // It reads no more, so it would never answer.
    if ((error as { code?: unknown }).code === 'EPIPE') transport.onclose?.()
  }
  client.onclose = () => {
    if (open) onLost(transport.lastWords || reason)
    open = false
  }
  const close = async () => {
    open = false
    await client.close().catch(() => {})
    // Where the client has let go of it before, it may still be ending.
    await transport.close()
  }
  signal.addEventListener('abort', close)
  try {
    await client.connect(transport, { signal, timeout: timeoutMs })
    const tools = await listTools(client, signal, timeoutMs)
    open = true
    return {
      client,
      tools,
      calls: 0,
      close,
      get sessionId() {
        return transport.sessionId
      },
    }
  } catch (error) {
    await close()
    throw Object.assign(Object(error), { lastWords: transport.lastWords })
  } finally {
    signal.removeEventListener('abort', close)
  }
}

interface ServerTransport extends Transport {
  /** The end of what the server wrote to its standard error. */
  readonly lastWords?: string
}
