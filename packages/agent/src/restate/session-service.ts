import { ConfigError, checkOptions } from '@enjamb/core'
import type { Agent } from '../create-agent.ts'
import { loadSDK, type Restate } from './load-sdk.ts'
import { pacersObject } from './service/pacers.ts'
import { schedulesObject } from './service/schedules.ts'
import { sessionsObject } from './service/sessions.ts'

/** Options of {@link sessionService}. */
export interface SessionServiceOptions {
  /** The longest that a turn may take, in milliseconds, before it is interrupted. Default an hour. */
  timeoutMs?: number | undefined
  /**
   * After how many tries in a row a turn is parked that fails, or whose workers die: it is kept, prompts behind it wait, and
   * `retry` of a fleet's client has it tried again. What is the asker's fault is told them at once. Default 20.
   */
  maxAttempts?: number | undefined
  /** The longest pause between two tries, in milliseconds; the first is a twentieth of a second. Default a minute. */
  maxRetryMs?: number | undefined
  /** Who this worker is, in words for whoever finds a session busy. */
  owner?: string | undefined
}

const defaults = { timeoutMs: 3_600_000, maxAttempts: 20, maxRetryMs: 60_000 }

/** Services of Restate, for its `serve` and `createEndpointHandler`. */
export type FleetServices = ReturnType<Restate['object']>[]

/**
 * What a worker of a fleet serves to the engine (Restate): sessions, each with its prompts in order; schedules; and the pace of
 * requests. The engine keeps who is next, and calls another worker when one dies; what has happened and what is left to do says
 * the journal. No step of a turn is the engine's, so a release of the code or the agent goes on with what an earlier one began.
 *
 * All workers need the same store, which has to be one that several machines share where they are on several.
 *
 * @throws {ConfigError} the SDK is not installed; Node is older than 22; there is no such option
 * @example
 * restate.serve({ services: await sessionService(agent), port: 9080 })
 */
export async function sessionService(agent: Agent, options: SessionServiceOptions = {}): Promise<FleetServices> {
  checkOptions('sessionService', options, [...Object.keys(defaults), 'owner'])
  const restate = await loadSDK()
  const {
    timeoutMs = defaults.timeoutMs,
    maxAttempts = defaults.maxAttempts,
    maxRetryMs = defaults.maxRetryMs,
    owner,
  } = options
  for (const [name, value] of Object.entries({ timeoutMs, maxAttempts, maxRetryMs })) {
    if (!(value >= 1)) throw new ConfigError(`${name} must be 1 or more.`)
  }
  const settings = { timeoutMs, maxAttempts, maxRetryMs, owner }
  return [sessionsObject(restate, agent, settings), schedulesObject(restate), pacersObject(restate)]
}
