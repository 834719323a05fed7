import { describeFailure } from '../failure.ts'
import { type Link, openLink } from '../link/open-link.ts'
import type { McpServer, McpServerStatus } from '../mcp-options.ts'
import type { Secrets } from '../secrets.ts'

/** The connection to a server: one link after another, as they get lost and are needed again. */
export interface ServerConnection {
  readonly state: McpServerStatus['state']
  /** Why it failed or got lost. */
  readonly error: string | undefined
  /** The link that there is at the moment. */
  readonly link: Link | undefined
  /**
   * Works with the link that there is, or with a new one, which all that wait for it share. A link that gets lost meanwhile
   * is ended after that.
   *
   * @throws {Error} the server cannot be reached
   */
  use<T>(work: (link: Link) => Promise<T>): Promise<T>
  /** The link is of no use any more. */
  lose(link: Link, reason: string): void
  /** Resolves when all that belongs to it is gone. */
  close(): Promise<void>
}

interface ConnectionOptions {
  name: string
  server: McpServer
  startTimeoutMs: number
  secrets: Secrets
  warn(message: string): void
  /** The link is used when this has resolved. */
  onOpened(link: Link): Promise<void>
  /** The server says that its tools are others now. */
  onChanged(link: Link): void
}

export function createConnection({ name, server, secrets, warn, ...options }: ConnectionOptions): ServerConnection {
  const closing = new AbortController()
  const ending = new Set<Promise<void>>()
  let state: McpServerStatus['state'] = 'failed'
  let error: string | undefined
  let link: Link | undefined
  let opening: Promise<Link> | undefined

  const end = (old: Link) => {
    const ended = old.close()
    ending.add(ended)
    ended.then(() => ending.delete(ended))
  }

  const lose = (old: Link, reason: string) => {
    old.whyOver ??= reason
    if (link !== old) return
    link = undefined
    state = 'lost'
    error = secrets.hide(reason)
    warn(`the connection got lost. ${reason}`)
    // Other calls may still get their answers over it.
    if (!old.calls) end(old)
  }

  // Not where it was closed here: it is not the link then.
  const onLost = (old: Link) => lose(old, describeFailure(old, server, old.trouble ?? 'It ended.'))

  const open = async (): Promise<Link> => {
    const limit = startLimit(options.startTimeoutMs, closing.signal)
    try {
      const opened = await openLink(server, {
        signal: limit.signal,
        onChanged: options.onChanged,
        onSecret: secrets.add,
        onLost,
        end,
      })
      link = opened
      state = 'connected'
      error = undefined
      await options.onOpened(opened)
      return opened
    } catch (fault) {
      const late = limit.signal.aborted ? `It was not ready after ${options.startTimeoutMs} ms.` : undefined
      const why = closing.signal.aborted ? 'It was closed.' : describeFailure(fault, server, late)
      state = 'failed'
      error = secrets.hide(why)
      if (!closing.signal.aborted) warn(`it cannot be used. ${why}`)
      throw new Error(`The MCP server "${name}" cannot be reached. ${error}`)
    } finally {
      limit.end()
    }
  }

  const connected = async (): Promise<Link> => {
    if (link) return link
    if (closing.signal.aborted) throw new Error(`The MCP server "${name}" was closed.`)
    opening ??= open().finally(() => {
      opening = undefined
    })
    return opening
  }

  return {
    get state() {
      return closing.signal.aborted ? 'closed' : state
    },
    get error() {
      return error
    },
    get link() {
      return link
    },
    lose,
    async use(work) {
      const used = await connected()
      used.calls++
      try {
        return await work(used)
      } finally {
        used.calls--
        if (link !== used && !used.calls) end(used)
      }
    },
    async close() {
      closing.abort()
      await opening?.catch(() => {})
      const last = link
      link = undefined
      if (last) {
        last.whyOver = 'It was closed.'
        end(last)
      }
      await Promise.all(ending)
    },
  }
}

/** A signal that aborts when the time is up, or when another one does. */
function startLimit(timeoutMs: number, other: AbortSignal) {
  const controller = new AbortController()
  const stop = () => controller.abort()
  const timer = setTimeout(stop, timeoutMs)
  other.addEventListener('abort', stop)
  return {
    signal: controller.signal,
    end() {
      clearTimeout(timer)
      other.removeEventListener('abort', stop)
    },
  }
}
