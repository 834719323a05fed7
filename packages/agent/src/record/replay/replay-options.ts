import type { Client, MessageParams } from '@enjamb/core'
import type { Permission, ToolEntry } from '@enjamb/tools'
import type { AgentOptions } from '../../agent-options.ts'
import type { Hooks } from '../../hooks/hooks.ts'
import type { Entry, FrozenParams } from '../../journal/entry.ts'
import type { Player } from './play-exchanges.ts'
import type { Exchange } from './recorded-exchanges.ts'
import { toError } from './to-response.ts'

/** Options of which those parameters come. */
export function toOptions(
  params: MessageParams | FrozenParams,
  client: Client,
  tools: ToolEntry[],
  list: readonly Entry[],
): AgentOptions {
  const { model, max_tokens: maxTokens, system = '', tools: _, metadata: __, ...rest } = params
  const { messages: ___, ...body } = rest as Partial<MessageParams>
  // An agent's own default does not stand where the record has none.
  return { client, tools, model, maxTokens, system, body: { thinking: undefined, ...body }, maxTurns: turnLimit(list) }
}

/** How many replies a turn may have: as many as one had that ended for it. */
function turnLimit(list: readonly Entry[]): number {
  let replies = 0
  for (const { type, ...entry } of list) {
    if (type === 'reply') replies++
    if (type !== 'turn') continue
    if ((entry as { status?: string }).status === 'turn_limit') return Math.max(1, replies)
    replies = 0
  }
  return Number.POSITIVE_INFINITY
}

/** Hooks that say what those of the record had said, and that have each call come to what it came to then. */
export function toHooks(
  list: readonly Entry[],
  exchanges: readonly Exchange[],
  player: Player,
  starting: readonly string[],
): Hooks {
  /** What was said of each prompt, every time that it was sent. */
  const refusals = new Map<string, (string | undefined)[]>()
  for (const entry of list) {
    if (entry.type === 'prompt') refusals.set(entry.id, [...(refusals.get(entry.id) ?? []), entry.refused])
  }
  const most = exchanges.reduce((count, { contexts }) => Math.max(count, contexts.length), 0)
  return {
    sessionStart: starting.map((context) => () => ({ context })),
    prompt({ id }) {
      const refuse = refusals.get(id)?.shift()
      return refuse === undefined ? undefined : { refuse }
    },
    beforeTurn: Array.from({ length: most }, (_, index) => () => ({ context: player.next?.contexts[index] })),
    async afterTool({ id, name }) {
      const { content, isError } = (await player.find(id, name)).result
      return { output: content, isError }
    },
  }
}

/** What hooks had added when the session was opened: it stands just before its first prompt. */
export function startingAt(list: readonly Entry[], index: number): string[] {
  const start = list.slice(0, index).findLastIndex((entry) => !isOfStart(entry)) + 1
  return list.slice(start, index).flatMap((entry) => (isOfStart(entry) ? entry.content : []))
}

function isOfStart(entry: Entry): entry is Extract<Entry, { type: 'context' }> {
  return entry.type === 'context' && entry.by === 'sessionStart'
}

/** Lets calls be made that were, wait that waited, and stop what was stopped. */
export function recordedPermission(player: Pick<Player, 'callOf' | 'untilAborted'>): Permission {
  return async ({ id }, { signal }) => {
    const { waits = [], begun, result, end } = player.callOf(id) ?? {}
    const asked = waits.find(({ kind }) => kind === 'approval')
    if (asked) return { defer: true, data: asked.data }
    if (begun || waits.length || (result && !end)) return { allow: true }
    if (!end) return { defer: true }
    // Its turn leaves the history.
    if (end.status === 'refused') return { allow: false }
    if (end.status === 'interrupted') await player.untilAborted(signal)
    throw toError(end.error ?? { name: 'Error', message: `The turn ended as ${end.status}.` })
  }
}
