import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MessageParam } from '@enjamb/core'
import { createMockServer, script, type Turn } from '@enjamb/testing'
import { onTestFinished } from 'vitest'
import { type Agent, type AgentOptions, createAgent } from '../src/index.ts'
import { fileStore } from '../src/node/index.ts'

/** A server, and agents that share a folder of sessions as processes do; what was sent is there to be looked at. */
export async function setUpAgent(turns: Turn[], options: AgentOptions = {}) {
  const server = await createMockServer({ script: script(turns) })
  const folder = await mkdtemp(join(tmpdir(), 'enjamb-agent-'))
  onTestFinished(async () => {
    await server.close()
    await rm(folder, { recursive: true })
  })
  const make = (others: AgentOptions = {}): Agent =>
    createAgent({
      apiKey: 'key',
      baseURL: server.url,
      store: fileStore(folder),
      retry: { maxRetries: 0 },
      // So that what is sent is what was said.
      cache: false,
      ...options,
      ...others,
    })
  /** The messages of a request, the last one by default. */
  const sent = (at = -1): MessageParam[] => (server.requests.at(at)!.body as { messages: MessageParam[] }).messages
  return { server, make, sent }
}
