import { type Reply, toReply } from '@enjamb/chat'
import type { AgentOptions } from './agent-options.ts'
import { createAgent } from './create-agent.ts'

/**
 * Asks once, and gives the last reply; `usage` and `cost` count all the requests that it took, and `requestId` is that of
 * none of them.
 *
 * @throws as `createAgent`, and as a session's turn
 * @example
 * const { text } = await query('Which of these files is the largest?', { tools: codingTools({ cwd: '.' }) })
 */
export async function query(prompt: string, options: AgentOptions & { signal?: AbortSignal } = {}): Promise<Reply> {
  await using session = await createAgent(options).session()
  const { message, usage, cost } = await session.send(prompt, { signal: options.signal }).final()
  const messages = session.messages.slice(0, -1)
  return toReply(message!, undefined, undefined, { usage: usage!, cost, messages })
}
