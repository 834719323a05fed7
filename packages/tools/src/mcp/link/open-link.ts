import { version } from '@enjamb/core'
import type { Client, Transport } from '@modelcontextprotocol/client'
import { knowsNewer, mayBeNewer } from '../failure.ts'
import type { McpServer } from '../mcp-options.ts'
import { type ListedTool, listTools } from '../server/list-tools.ts'
import { loadClient } from './load-client.ts'

/** A connection to a server. */
export interface Link {
  readonly client: Client
  /** What it has when the connection is made. */
  tools: readonly ListedTool[]
  /** How many are under way. */
  calls: number
  /** Why it is of no use any more. */
  whyOver: string | undefined
  /** The server's session, where it has them. */
  readonly sessionId: string | undefined
  /** What happened before it ended. */
  readonly trouble: string | undefined
  /** The end of what the server wrote to its standard error. */
  readonly lastWords: string | undefined
  /** Resolves when all that belongs to the connection is gone. */
  close(): Promise<void>
}

export interface LinkEvents {
  /** Of this link alone: it does not abort later than when the link has been made. */
  signal: AbortSignal
  /** The server says that its tools are others now. */
  onChanged(link: Link): void
  /** The connection ended, or is being closed. */
  onLost(link: Link): void
  /** A credential is sent that must not be shown. */
  onSecret(secret: string): void
  /** Closes one that could not be made, for which nobody has to wait. */
  end(link: Link): void
}

const maxTroubleChars = 1_000

/** The most milliseconds that a timer takes, for what a signal limits in time: 24 days. */
export const forEver = 2 ** 31 - 1

/**
 * Connects, and asks for the tools. The older protocol is tried first, which nearly all servers know, some of which end
 * or are silent when they are asked for anything else. Where one refuses it, whatever its words, the official client asks
 * which one it speaks.
 *
 * @throws {Error} with the `trouble` and the `lastWords` that the link has
 */
export async function openLink(server: McpServer, events: LinkEvents): Promise<Link> {
  try {
    return await open(server, events, 'legacy')
  } catch (older) {
    if (events.signal.aborted || !mayBeNewer(older)) throw older
    try {
      return await open(server, events, 'auto')
    } catch (newer) {
      throw knowsNewer(newer) ? newer : older
    }
  }
}

async function open(server: McpServer, events: LinkEvents, mode: 'legacy' | 'auto'): Promise<Link> {
  const { signal, onChanged, end } = events
  const { Client } = await loadClient()
  const transport: ServerTransport =
    'command' in server
      ? new (await import('#mcp-process')).ProcessTransport(server)
      : new (await import('./http-transport.ts')).HttpTransport(server, events.onSecret)
  signal.throwIfAborted()
  // Several changes in a row are told as one, some time after the last.
  const listChanged = { tools: { autoRefresh: false, onChanged: () => onChanged(link) } }
  const client = new Client({ name: 'enjamb', version }, { versionNegotiation: { mode }, listChanged })
  const link = toLink(client, transport, events)
  signal.addEventListener('abort', link.close)
  try {
    await client.connect(transport, { signal, timeout: forEver })
    link.tools = await listTools(client, { signal, timeout: forEver })
    return link
  } catch (error) {
    const { trouble, lastWords } = link
    end(link)
    throw Object.assign(Object(error), { trouble, lastWords, era: client.getProtocolEra() })
  }
}

function toLink(client: Client, transport: ServerTransport, { onLost }: LinkEvents): Link {
  let trouble: string | undefined
  client.onerror = (error) => {
    trouble = error.message.slice(0, maxTroubleChars)
    // It reads no more, so it would never answer.
    if ((error as { code?: unknown }).code === 'EPIPE') void transport.close()
  }
  client.onclose = () => onLost(link)
  const link: Link = {
    client,
    tools: [],
    calls: 0,
    whyOver: undefined,
    get sessionId() {
      return transport.sessionId
    },
    get trouble() {
      return trouble
    },
    get lastWords() {
      return transport.lastWords
    },
    async close() {
      await client.close().catch(() => {})
      // Where the client has let go of it before, it may still be ending.
      await transport.close()
    },
  }
  return link
}

interface ServerTransport extends Transport {
  readonly lastWords?: string
}
