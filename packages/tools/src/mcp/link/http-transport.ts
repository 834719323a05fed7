import { type FetchLike, type JSONRPCMessage, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { brokenOff } from '../failure.ts'
import type { McpEndpoint } from '../mcp-options.ts'
import { limitBody } from './limit-body.ts'
import { createRawResults } from './raw-results.ts'

const goodbyeMs = 2_000
const minReconnectMs = 250
const maxTimerMs = 2 ** 31 - 1

type Send = Parameters<StreamableHTTPClientTransport['send']>

/**
 * Streamable HTTP: a call whose answer breaks off fails then, one that is cancelled lets go of its connection, and a session
 * is ended at the server, too.
 */
export class HttpTransport extends StreamableHTTPClientTransport {
  readonly #reconnecting = new Set<ReturnType<typeof setTimeout>>()
  #tooLong: Error | undefined
  readonly #results = createRawResults()
  readonly #underWay = new Map<unknown, AbortController>()
  #closed: Promise<void> | undefined

  constructor({ url, headers, fetch, authProvider }: McpEndpoint, onSecret: (secret: string) => void) {
    const limitedFetch: FetchLike = async (...request) => {
      // It may be one that an authProvider has got meanwhile.
      onSecret(new Headers(request[1]?.headers).get('authorization') ?? '')
      const response = await (fetch ?? globalThis.fetch)(...request)
      return limitBody(response, (error) => {
        this.#tooLong = error
      })
    }
    super(new URL(url), {
      ...(headers && { requestInit: { headers: { ...headers } } }),
      fetch: limitedFetch,
      ...(authProvider && { authProvider }),
      // The official client comes back as often as a server says, and stops only one of several timers when it is closed.
      reconnectionScheduler: (reconnect, delayMs) => {
        const wait = Math.min(Math.max(delayMs, minReconnectMs), maxTimerMs)
        const timer = setTimeout(() => {
          this.#reconnecting.delete(timer)
          reconnect()
        }, wait)
        this.#reconnecting.add(timer)
      },
    })
    // The official client sets it anew when it has found out which protocol the server speaks.
    let onmessage: ((message: JSONRPCMessage) => void) | undefined
    Object.defineProperty(this, 'onmessage', {
      get: () => onmessage,
      set: (handler?: (message: JSONRPCMessage) => void) => {
        onmessage =
          handler &&
          ((message) => {
            if (!('method' in message)) this.#underWay.delete(message.id)
            handler(this.#results.arrived(message))
          })
      },
    })
  }

  override async send(...[message, options]: Send): Promise<void> {
    if (!('method' in message)) return super.send(message, options)
    this.#results.sent(message)
    if ('id' in message) return this.#ask(message, options)
    await super.send(message, options)
    if (message.method !== 'notifications/cancelled') return
    this.#underWay.get(message.params?.requestId)?.abort()
    this.#underWay.delete(message.params?.requestId)
  }

  #ask(...[message, options]: [Send[0] & { id: string | number }, Send[1]]): Promise<void> {
    const { id } = message
    const controller = new AbortController()
    this.#underWay.set(id, controller)
    // Without this the official client waits for an answer until its time is up.
    const onRequestStreamEnd = () => {
      if (!this.#underWay.has(id)) return
      const words = [brokenOff, this.#tooLong?.message].filter(Boolean).join(' ')
      this.#tooLong = undefined
      this.onmessage?.({ jsonrpc: '2.0', id, error: { code: -32_000, message: words } })
    }
    const requestSignal = options?.requestSignal ?? controller.signal
    return super.send(message, { onRequestStreamEnd, ...options, requestSignal }).catch((error) => {
      this.#underWay.delete(id)
      throw error
    })
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
    for (const waiting of this.#reconnecting) clearTimeout(waiting)
    await super.close()
  }
}
