import type { OutputOf, OutputSchema } from '@enjamb/chat'
import { type Client, ConfigError, createClient } from '@enjamb/core'
import { type RulePermission, type ToolEntry, type Toolset, toolset, withPermission } from '@enjamb/tools'
import { withLog } from '#host'
import { type AgentOptions, agentDefaults } from './agent-options.ts'
import { seatBackend } from './backend/backend-seat.ts'
import { checkAgentOptions } from './check-agent-options.ts'
import { sessionParams } from './context/session-params.ts'
import { createHooks } from './hooks/create-hooks.ts'
import { memoryStore } from './journal/memory-store.ts'
import type { SessionStore } from './journal/session-store.ts'
import { createHub } from './live/hub.ts'
import type { EventsOptions, SessionEvent } from './live/session-event.ts'
import { sessionEvents } from './live/session-events.ts'
import { type AgentSettings, type MadeTools, toolsOf } from './session/agent-settings.ts'
import { openSession, type SessionOptions } from './session/open-session.ts'
import type { Session } from './session/session.ts'
import { closeTools, type ListedTools, listTools, type ToolList } from './session/session-tools.ts'
import { allAgents } from './subagents/pick-agents.ts'
import { createPlaces } from './subagents/places.ts'
import type { SpendCap } from './subagents/spend-cap.ts'
import type { TeamSettings } from './subagents/team.ts'
import { createBatch } from './tasks/batch/create-batch.ts'
import type { TaskBatch, TaskBatchOptions, TaskSpec } from './tasks/batch/task-batch.ts'
import { createTask } from './tasks/create-task.ts'
import { planTask } from './tasks/plan-task.ts'
import type { Task, TaskOptions } from './tasks/task.ts'

/** A model with its tools and settings; it may have any number of sessions at once. */
export interface Agent {
  /** Where its sessions are kept. */
  readonly store: SessionStore
  /**
   * Begins a session, or goes on with one.
   *
   * @throws {ConfigError} there is one of this id already, and `resume` is not set; the id is none
   * @throws {SessionNotFoundError} there is none to resume
   * @throws {SessionBusyError} somebody else writes it
   * @example
   * await using session = await agent.session({ id: 'mail-42', resume: 'if-exists' })
   */
  session(options?: SessionOptions): Promise<Session>
  /**
   * What has happened in a session, then what happens, without opening it: each fact of its journal once, whichever process
   * writes it, and the pieces of replies where this agent writes it. Whoever comes back with the `position` of the last
   * event misses nothing and gets nothing twice; whoever comes in the middle of a reply gets what was shown of it. A
   * reader that is slow gets those pieces in fewer events, and holds up nobody.
   *
   * It ends with its signal, or when its reader leaves.
   *
   * @throws {SessionNotFoundError} {@link JournalError} when it is read; {@link SessionStoreError} and whatever else a turn of
   * this agent ends with where the journal cannot be told of it
   * @throws {ConfigError} the id or `after` is none
   * @example
   * for await (const event of agent.events('mail-42', { signal })) if (event.type === 'text') show(event.text)
   */
  events(id: string, options?: EventsOptions): AsyncIterable<SessionEvent>
  /**
   * Works at one aim, in a session of its own. Its result always comes, whatever the ending.
   *
   * @throws {ConfigError} an option is not usable; all else is a result
   * @example
   * const { status, result, artifacts, cost } = await agent.task('Write a README.', { maxCost: 0.5, timeoutMs: 600_000 }).final()
   */
  task<const Schema extends OutputSchema = OutputSchema>(
    description: string,
    options?: TaskOptions<Schema>,
  ): Task<OutputOf<Schema>>
  /**
   * Works at many tasks, some of them at once. One that fails is a result among others.
   *
   * @throws {ConfigError} an option of the batch is not usable
   * @example
   * for await (const { description, status } of agent.tasks(['Check a.ts.', 'Check b.ts.'])) console.log(description, status)
   */
  tasks(list: readonly (string | TaskSpec)[], options?: TaskBatchOptions): TaskBatch
}

/**
 * Makes an agent: a model, the tools it may use, and settings for its sessions.
 *
 * @throws {ConfigError} an option is not usable or misspelt: an unknown model alias, an effort or thinking that the model does not
 * take, two tools of one name, no turns, a hook that there is not or that no tool fits, `logDir` in a browser, or as `createClient`
 * @example
 * const agent = createAgent({ model: 'sonnet', tools: codingTools({ cwd: '.' }) })
 * const session = await agent.session()
 * for await (const event of session.send('What is in this folder?')) console.log(event)
 */
export function createAgent(options: AgentOptions = {}): Agent {
  checkAgentOptions(options)
  const { maxTurns = agentDefaults.maxTurns, permission, cache, compaction } = options
  const { maxAgents = agentDefaults.maxAgents, maxAgentDepth = agentDefaults.maxAgentDepth } = options
  for (const [name, value] of Object.entries({ maxTurns, maxAgents, maxAgentDepth })) {
    if (!(value >= 1)) throw new ConfigError(`${name} must be 1 or more.`)
  }
  const agents = allAgents(options.agents ?? [])
  // A client would take its name for a misspelt `logger`.
  const { logDir: _, backend = 'api', ...ofClient } = options
  const client = options.client ?? createClient(ofClient)
  const store = storeOf({ ...(backend !== 'api' && backend.log), ...options }, client)
  const hub = createHub(store)
  const newTeam = (): TeamSettings => ({ agents, depth: maxAgentDepth, places: createPlaces(maxAgents) })
  const known = {
    filters: [{ allow: options.allowTools, deny: options.denyTools }],
    team: options.agents && newTeam(),
  }
  const tableOf = (tools: readonly ToolEntry[]) => toolset(toolsOf({ ...known, tools }).all)
  const { tools = [] } = options
  const isMade = typeof tools === 'function'
  const shared = listTools(isMade ? [] : tools, options)
  const hooksFor = ({ tools }: ListedTools) => createHooks(options.hooks, namesOf(tableOf(tools)))
  async function makeTools(list: ToolList): Promise<MadeTools> {
    const close = () => closeTools(list)
    try {
      const listed = listTools(list, options)
      return { ...listed, hooks: hooksFor(listed), close }
    } catch (error) {
      await close()
      throw error
    }
  }
  const seat =
    backend === 'api'
      ? undefined
      : seatBackend(backend, options, {
          client,
          effort: options.effort,
          thinking: options.thinking,
          system: options.system,
          appendSystem: options.appendSystem,
          cwd: options.cwd,
          rules: rulesOf(permission),
          agents: options.agents ?? [],
        })
  if (seat && permission && !rulesOf(permission)) seat.warn('permission')
  // Its own prompt, where nobody gives one; and its own sub-agents.
  const own: Partial<AgentOptions> = seat ? { system: options.system ?? '' } : {}
  const settings: AgentSettings = {
    store,
    client,
    seat,
    ...known,
    ...shared,
    makeTools: isMade ? async (scope) => makeTools(await tools(scope)) : undefined,
    cwd: options.cwd ?? '.',
    chooseModel: typeof options.model === 'function' ? options.model : undefined,
    params: (overrides, definitions) => sessionParams({ ...options, ...own, ...overrides }, definitions),
    overrides: {},
    maxTurns,
    cache,
    compaction,
    permission: permission && withPermission(permission),
    // Of tools that are made for each session, they are known with these.
    hooks: isMade ? createHooks() : hooksFor(shared),
    hub,
  }
  // What cannot be sent is to be known at once.
  settings.params({}, tableOf(shared.tools).definitions)
  const perSession = (team = newTeam()) => ({ ...settings, team: seat ? undefined : options.agents && team })
  function task(description: string, task: TaskOptions = {}, within?: SpendCap): Task {
    const team = newTeam()
    for (const name of ['allowAgents', 'allowSkills'] as const) if (task[name]) seat?.warn(name)
    return createTask(planTask(description, task, perSession(team), team), within)
  }
  return {
    store,
    session: (session = {}) => openSession(session, perSession()),
    events: (id, options) => sessionEvents(store, hub, id, options),
    task: (description, options) => task(description, options) as Task<never>,
    tasks: (list, options = {}) =>
      createBatch(list, options, ({ description, ...options }, within) => task(description, options, within)),
  }
}

/** With a log beside each of its sessions, where one is asked for. */
function storeOf({ store = memoryStore(), logDir, logName, logAll }: AgentOptions, { logger }: Client): SessionStore {
  if (logDir !== undefined) {
    // A session is worth more than its log.
    const onError = (error: unknown) => logger?.warn?.(`A log in ${logDir} cannot be written on: ${error}`)
    return withLog(store, { logDir, logName, logAll, onError })
  }
  if (logName !== undefined || logAll !== undefined) throw new ConfigError('logName and logAll need logDir, a folder.')
  return store
}

function rulesOf(permission: AgentOptions['permission']): RulePermission['rules'] | undefined {
  return (permission as Partial<RulePermission> | undefined)?.rules
}

/** Of the tools that run here. */
function namesOf({ definitions, get }: Toolset): string[] {
  return definitions.flatMap((one) => ('name' in one && get(one.name) ? [one.name] : []))
}
