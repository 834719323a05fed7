import type { JSONRPCMessage } from '@modelcontextprotocol/client'

const methods = ['tools/call', 'tools/list']
const key = 'enjamb/raw'

type Result = { readonly [key: string]: unknown }

/**
 * Keeps the results of tools as they came. The official client refuses all of one for a single part that it does not know,
 * so it is shown an empty one, with the true one beside it.
 */
export function createRawResults() {
  const asked = new Set<unknown>()
  return {
    sent(message: JSONRPCMessage): void {
      if (!('method' in message)) return
      if ('id' in message && methods.includes(message.method)) asked.add(message.id)
      if (message.method === 'notifications/cancelled') asked.delete(message.params?.requestId)
    },
    arrived(message: JSONRPCMessage): JSONRPCMessage {
      if ('method' in message || !asked.delete(message.id) || !('result' in message)) return message
      const raw = message.result as Result
      // Questions to the client are its own matter.
      if (raw.resultType === 'input_required') return message
      const { content, structuredContent, isError, tools, nextCursor, ...rest } = raw
      const result = { ...rest, content: [], tools: [], _meta: { ...Object(rest._meta), [key]: raw } }
      return { ...message, result } as JSONRPCMessage
    },
  }
}

/** A result as the server sent it. */
export function rawOf(result: unknown): Result {
  const meta = Object(Object(result)._meta) as Result
  return Object(meta[key] ?? result)
}
