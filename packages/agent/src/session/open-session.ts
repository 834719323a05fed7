import { ConfigError } from '@enjamb/core'
import { toolset } from '@enjamb/tools'
import { cacheRequests } from '../context/cache/cache-requests.ts'
import type { ContextEntry, Entry, FrozenParams, ParamsEntry } from '../journal/entry.ts'
import { openJournal } from '../journal/journal.ts'
import { childSettings } from '../subagents/child-settings.ts'
import { createTeam } from '../subagents/create-team.ts'
import type { Mail } from '../turn/run-turn.ts'
import { type JSONFormat, withFormat } from '../turn/with-format.ts'
import { type AgentSettings, toolsOf } from './agent-settings.ts'
import { createSession } from './create-session.ts'
import type { Session } from './session.ts'

/** Which session to open. */
export interface SessionOptions {
  /** 1 to 128 letters, digits, `_`, `-` and `.`. Default a new UUID. */
  id?: string | undefined
  title?: string | undefined
  /** Goes on with a session that is there; `if-exists` begins one where there is none. Default a new one. */
  resume?: boolean | 'if-exists' | undefined
  /** Goes on from this entry, as if those after it had not been: see `rewind`. */
  at?: number | undefined
  /** Who opens it, in words for whoever finds it busy. */
  owner?: string | undefined
}

/**
 * Opens a session for writing.
 *
 * @throws {ConfigError} there is one of this id already, and `resume` is not set
 * @throws {SessionNotFoundError} {@link SessionBusyError}
 */
export async function openSession(
  { id = crypto.randomUUID(), title, resume = false, at, owner }: SessionOptions,
  settings: AgentSettings,
): Promise<Session> {
  const { store, hub, cache, params, overrides, format, parent } = settings
  let onEntry: (entry: Entry) => void = () => {}
  const journal = await openJournal(store, id, { create: resume !== true, owner }, (entry) => {
    onEntry(entry)
    settings.onEntry?.(entry)
  })
  const { state } = journal
  const before = state.messages.length > 0 ? { ...state.frozen, messages: [...state.messages] } : undefined
  const contexts: ContextEntry[] = []
  const { entries, agents } = toolsOf(settings)
  const mail: Mail = { reports: [], notices: settings.notices ?? [] }
  const team =
    agents &&
    createTeam({
      ...agents,
      sessionId: id,
      journal,
      store,
      hooks: settings.hooks,
      reports: mail.reports,
      open: (child) =>
        openSession(
          { id: child.spawn.session, title: child.title, resume: 'if-exists' },
          childSettings(settings, child),
        ),
    })
  const tools = toolset(team ? [...entries, team.tool] : entries)
  let ownFormat: JSONFormat | null
  try {
    const source = state.head ? 'resume' : 'new'
    const make = params(overrides, tools.definitions)
    const made = await make(id, state.head && state.frozen)
    const own = format ? withFormat(made, format) : made
    ownFormat = own.output_config?.format ?? null
    // That of a turn is its own, and an open one keeps it.
    const kept = state.head ? (state.frozen.output_config?.format ?? null) : ownFormat
    const frozen = JSON.stringify(kept) === JSON.stringify(ownFormat) ? own : withFormat(own, kept)
    if (!state.head) {
      await journal.append({
        type: 'session',
        id,
        frozen,
        ...(title !== undefined && { title }),
        ...(parent && { parent }),
      })
    } else if (resume) {
      const changed = difference(state.frozen, frozen)
      if (changed) await journal.append({ type: 'params', changed, why: 'the agent was made with other options' })
      if (at !== undefined) await journal.append({ type: 'rewind', to: at, files: [] })
    } else {
      throw new ConfigError(
        `There is a session ${id} already: open it with resume: true, or begin one with another id.`,
      )
    }
    const subject = { source, title: state.head!.title } as const
    const added = await settings.hooks.contexts('sessionStart', subject, { sessionId: id, signal: journal.lost })
    for (const content of added) contexts.push({ type: 'context', content, by: 'sessionStart' })
  } catch (error) {
    await journal.release()
    throw error
  }
  const onBreak = (block: string) => made.emit({ type: 'cache_break', block, at: new Date().toISOString() })
  const thread = cacheRequests({ cache, before, onBreak })
  const made = createSession({
    ...settings,
    id,
    journal,
    team,
    tools,
    mail,
    contexts,
    thread,
    ownFormat,
    reporter: hub.reporter(id),
  })
  onEntry = made.onEntry
  return made.session
}

/** What is other in the parameters now; `null` where something is no longer there. */
function difference(before: FrozenParams, now: FrozenParams): ParamsEntry['changed'] | undefined {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]) as Set<keyof FrozenParams>
  const changed = [...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(now[name]))
  if (!changed.length) return undefined
  return Object.fromEntries(changed.map((name) => [name, now[name] ?? null])) as ParamsEntry['changed']
}
