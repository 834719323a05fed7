import { createClient, type MessageParam } from '@enjamb/core'
import { type ToolEntry, type ToolRun, toolset, withPermission } from '@enjamb/tools'
import type { AgentOptions } from '../src/agent-options.ts'
import { sessionParams } from '../src/context/session-params.ts'
import { createHooks } from '../src/hooks/create-hooks.ts'
import type { SessionStore } from '../src/journal/session-store.ts'
import { createHub } from '../src/live/hub.ts'
import { openSession, type SessionOptions } from '../src/session/open-session.ts'
import type { Session } from '../src/session/session.ts'

export interface WatchedSession {
  session: Session
  /** The loop's own history, as its last run has left it. */
  loopMessages(): MessageParam[] | undefined
}

/** A session, and what the loop below it has for its history, which the session shows to nobody. */
export async function openWatched(
  options: SessionOptions,
  settings: { fetch: typeof fetch; store: SessionStore; tools: ToolEntry[]; permission?: AgentOptions['permission'] },
): Promise<WatchedSession> {
  const { store, permission } = settings
  let last: ToolRun | undefined
  const table = toolset(settings.tools)
  const tools: typeof table = {
    ...table,
    run(...given) {
      last = table.run(...given)
      return last
    },
  }
  const session = await openSession(options, {
    store,
    client: createClient({ apiKey: 'key', fetch: settings.fetch, retry: { maxRetries: 0 } }),
    tools,
    maxTurns: 6,
    permission: permission && withPermission(permission),
    params: sessionParams({ model: 'claude-opus-4-8', system: 'You work.', thinking: true }, table.definitions),
    cache: undefined,
    compaction: undefined,
    hooks: createHooks(),
    hub: createHub(store),
  })
  return { session, loopMessages: () => last?.messages }
}
