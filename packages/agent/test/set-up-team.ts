import { createUsageMeter } from '@enjamb/core'
import { createMockServer, type MockServer, script, type Turn, type TurnRequest } from '@enjamb/testing'
import { defineTool } from '@enjamb/tools'
import { onTestFinished } from 'vitest'
import { type Agent, type AgentOptions, createAgent, type Entry, memoryStore, type SessionStore } from '../src/index.ts'

export const input = { type: 'object' } as const
export const look = defineTool({ name: 'look', description: 'Looks.', input, readOnly: true, run: () => 'A cat.' })
export const write = defineTool({ name: 'write', description: 'Writes.', input, run: () => 'Written.' })
/** That of a reply which costs the same whatever was asked. */
export const usage = { input_tokens: 1_000, output_tokens: 100 }

/** An agent with sub-agents on a server of its own; `again` makes another one, as another process would. */
export async function setUpTeam(turns: Turn[], options: AgentOptions = {}) {
  const server = await createMockServer({ script: script(turns) })
  onTestFinished(() => server.close())
  const store = options.store ?? memoryStore()
  const again = (more: AgentOptions = {}): Agent =>
    createAgent({
      apiKey: 'key',
      baseURL: server.url,
      model: 'claude-haiku-4-5',
      cache: false,
      retry: { maxRetries: 0 },
      agents: [],
      store,
      ...options,
      ...more,
    })
  return { agent: again(), again, server, store }
}

export interface Ask {
  id?: string
  prompt?: string
  agent?: string
  background?: boolean
  model?: string
}

/** A turn that gives work to sub-agents. */
export function ask(...asks: Ask[]): Turn {
  return {
    usage,
    toolCalls: asks.map(({ id, prompt = 'Find it.', agent = 'general', background, model }) => ({
      name: 'Task',
      ...(id && { id }),
      input: {
        description: 'Find it',
        prompt,
        subagent_type: agent,
        ...(background && { run_in_background: true }),
        ...(model && { model }),
      },
    })),
  }
}

/** Replies to sessions that began with this. */
export const whenAsked = (text: RegExp, reply: Turn, times = 1): Turn => ({
  when: ({ params }: TurnRequest) => text.test(JSON.stringify(params.messages[0])),
  times,
  reply: reply as never,
})

export async function entriesOf(store: SessionStore, id: string): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const entry of store.read(id)) entries.push(entry)
  return entries
}

/** The sessions of its sub-agents. */
export async function childrenOf(store: SessionStore, id: string): Promise<string[]> {
  return (await entriesOf(store, id)).flatMap((entry) => (entry.type === 'spawn' ? [entry.session] : []))
}

/** The requests that were answered by a model, and not those that only asked how long they are. */
export function asked({ requests }: Pick<MockServer, 'requests'>): MockServer['requests'] {
  return requests.filter(({ path }) => path === '/v1/messages')
}

/**
 * The most that a request which was sent could have cost, in nano-dollars, as a meter bounds it with the API's count.
 *
 * @param index among those of {@link asked}
 */
export async function worstCase(server: MockServer, index: number): Promise<number> {
  const { body } = asked(server)[index]!
  const { middleware } = createUsageMeter({ budgets: { default: { usd: 1e-9 } }, count: 'api' })
  const request = {
    method: 'POST',
    url: `${server.url}/v1/messages`,
    headers: new Headers({ 'x-api-key': 'key', 'anthropic-version': '2026-10-21', 'content-type': 'application/json' }),
    body: JSON.stringify(body),
    params: body,
    signal: new AbortController().signal,
    attempt: 0,
    project: undefined,
    onOutcome: () => {},
  }
  const ask = ({ method, url, headers, body }: typeof request) => fetch(url, { method, headers, body })
  const refused = await Promise.resolve(middleware(request, ask as never)).catch((error) => error)
  return Math.round(refused.estimatedCost * 1e9)
}
