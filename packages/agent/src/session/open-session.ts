import type { MessageParam } from '@enjamb/core'
import { toolset } from '@enjamb/tools'
import { prepareRequests } from '../context/prepare-requests.ts'
import type { ContextEntry, Entry, FrozenParams, ParamsEntry } from '../journal/entry.ts'
import { openJournal } from '../journal/journal.ts'
import { childSettings } from '../subagents/child/child-settings.ts'
import { createTeam } from '../subagents/create-team.ts'
import type { Mail } from '../turn/turn-settings.ts'
import { withFormat } from '../turn/with-format.ts'
import { type AgentSettings, toolsOf, withTools } from './agent-settings.ts'
import { createSession, type MadeSession, type SessionSettings, sessionExists } from './create-session.ts'
import type { JournaledSession } from './journaled-session.ts'
import { rewindSession } from './rewind-session.ts'
import type { Session } from './session.ts'
import { withOrigin } from './with-origin.ts'

/** Which session to open. */
export interface SessionOptions {
  /** 1 to 128 letters, digits, `_`, `-` and `.`. Default a new UUID. */
  id?: string | undefined
  title?: string | undefined
  /** Goes on with a session that is there; `if-exists` begins one where there is none. Default a new one. */
  resume?: boolean | 'if-exists' | undefined
  /** Goes on from this entry, as if those after it had not been: see `rewind`. */
  at?: number | undefined
  /** Where it works, see the agent's `cwd`. Default that of the agent. */
  cwd?: string | undefined
  /** Who opens it, in words for whoever finds it busy. */
  owner?: string | undefined
}

/**
 * Opens a session for writing.
 *
 * @throws {ConfigError} there is one of this id already, and `resume` is not set
 * @throws {SessionNotFoundError} {@link SessionBusyError}
 */
export async function openSession(options: SessionOptions, agent: AgentSettings): Promise<Session> {
  return (await openJournaled(options, agent)).session
}

/** The same, for what has facts of its own to write. */
export async function openJournaled(
  { id = crypto.randomUUID(), title, resume = false, at, cwd, owner }: SessionOptions,
  agent: AgentSettings,
): Promise<JournaledSession> {
  const { store } = agent
  let onEntry: (entry: Entry) => void = () => {}
  const journal = await openJournal(store, id, { create: resume !== true, owner }, (entry) => {
    onEntry(entry)
    agent.onEntry?.(entry)
  })
  const { state } = journal
  let close = async () => {}
  try {
    if (state.head && !resume) throw sessionExists(id)
    const opened = await withTools(agent, { sessionId: id, cwd })
    close = opened.close
    const made = await begin(opened.settings, {
      id,
      title,
      at,
      journal,
      reopen: (fork) => openSession({ id: fork, resume: true, cwd, owner }, agent),
      dispose: close,
    })
    onEntry = made.onEntry
    return { session: made.session, journal }
  } catch (error) {
    await close().catch(() => {})
    await journal.release()
    throw error
  }
}

interface Beginning extends Pick<SessionSettings, 'id' | 'journal' | 'reopen' | 'dispose'> {
  title: string | undefined
  at: number | undefined
}

/** Begins a session, or goes on with one, once its journal and its tools are there. */
async function begin(settings: AgentSettings, { id, title, at, journal, ...own }: Beginning): Promise<MadeSession> {
  const { store, hub, cache, params, overrides, parent } = settings
  const { state } = journal
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
        openJournaled(
          { id: child.spawn.session, title: child.title, resume: 'if-exists' },
          childSettings({ ...settings, overrides: { ...overrides, chosenModel: state.frozen.model } }, child),
        ),
    })
  const tools = toolset(team ? [...entries, team.tool] : entries)
  const source = state.head ? 'resume' : 'new'
  const known = state.head && state.frozen
  const paramsFor = (chosenModel: string | undefined) =>
    params({ ...overrides, chosenModel }, tools.definitions)(id, state.head && state.frozen)
  const plain = await paramsFor(known?.model ?? overrides.chosenModel)
  const ownFormat = plain.output_config?.format ?? null
  // That of a turn is its own, and an open one keeps it.
  const kept = known ? (known.output_config?.format ?? null) : ownFormat
  const frozen = JSON.stringify(kept) === JSON.stringify(ownFormat) ? plain : withFormat(plain, kept)
  if (!known) {
    const more = { ...(title !== undefined && { title }), ...(parent && { parent }) }
    await journal.append({ type: 'session', id, frozen, ...more })
  } else {
    const changed = difference(known, frozen)
    if (changed) await journal.append({ type: 'params', changed, why: 'the agent was made with other options' })
    if (at !== undefined) await rewindSession({ id, store, journal, files: undefined }, { to: at, files: false })
  }
  /** What is other for the model that suits what is asked. */
  async function choose(prompt: readonly MessageParam[], remaining: number | undefined): Promise<ParamsEntry> {
    const { model, why } = await settings.chooseModel!(prompt, { remaining })
    const chosen = withFormat(await paramsFor(model), state.frozen.output_config?.format)
    return {
      type: 'params',
      changed: difference(state.frozen, chosen) ?? {},
      why,
      choice: { model: chosen.model, why },
    }
  }
  const before = known && state.messages.length ? { ...known, messages: [...state.messages] } : undefined
  const subject = { source, title: state.head!.title } as const
  const added = await settings.hooks.contexts('sessionStart', subject, { sessionId: id, signal: journal.lost })
  for (const content of added) contexts.push({ type: 'context', content, by: 'sessionStart' })
  const onBreak = (block: string) => made.emit({ type: 'cache_break', block, at: new Date().toISOString() })
  const made = createSession({
    ...settings,
    ...own,
    client: withOrigin(settings.client, id, state),
    id,
    sessionCwd: overrides.cwd,
    journal,
    team,
    tools,
    mail,
    contexts,
    ownFormat,
    choose: settings.chooseModel && choose,
    thread: prepareRequests({ cache, before, onBreak }),
    reporter: hub.reporter(id),
  })
  return made
}

/** What is other in the parameters now; `null` where something is no longer there. */
function difference(before: FrozenParams, now: FrozenParams): ParamsEntry['changed'] | undefined {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]) as Set<keyof FrozenParams>
  const changed = [...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(now[name]))
  if (!changed.length) return undefined
  return Object.fromEntries(changed.map((name) => [name, now[name] ?? null])) as ParamsEntry['changed']
}
