import { FleetError } from '../errors/fleet-error.ts'
import { callEngine, type EngineSettings } from './call-engine.ts'
import { type Parked, sessionsName } from './messages.ts'

/** A turn that was tried too often, and is kept until `retry` or `interrupt` of a fleet's client. Prompts behind it wait. */
export interface ParkedTurn {
  session: string
  /** How often it was tried, and what the last try ended with. */
  reason: string
  since: Date
}

/** What only who runs a fleet may do. All of it throws {@link FleetError}. */
export interface FleetAdmin {
  /** Has the engine send work to an address, where one worker listens or a balancer before several. */
  register(workerUrl: string | URL): Promise<void>
  parked(): Promise<ParkedTurn[]>
}

/** The releases of the engine that this works with. */
const oldest = [1, 6]
const newest = [2, 0]

const parkedTurns = `SELECT service_key, value_utf8 FROM state WHERE service_name = '${sessionsName}' AND key = 'parked'`

/**
 * Reaches the admin interface of a fleet's engine.
 *
 * @param adminUrl as `http://localhost:9070`
 * @example
 * await fleetAdmin('http://localhost:9070').register('http://workers:9080')
 */
export function fleetAdmin(adminUrl: string | URL, options: Omit<EngineSettings, 'url'> = {}): FleetAdmin {
  const settings = { ...options, url: String(adminUrl).replace(/\/+$/, '') }

  async function checkVersion(): Promise<void> {
    const { version } = Object(await callEngine(settings, '/version', { method: 'GET' }))
    const [major = Number.NaN, minor = 0] = String(version).split('.').map(Number)
    const isKnown = isAtLeast([major, minor], oldest) && !isAtLeast([major, minor], newest)
    if (isKnown) return
    const message = `The engine at ${settings.url} is of version ${version}; this works with Restate ${oldest.join('.')} to below ${newest.join('.')}.`
    throw new FleetError(message, { reason: 'version' })
  }

  return {
    async register(workerUrl) {
      await checkVersion()
      // Nothing of a turn is the engine's: what an older release began at that address goes on with a newer one.
      await callEngine(settings, '/deployments', { body: { uri: String(workerUrl), force: true } })
    },
    async parked() {
      const { rows } = (await callEngine(settings, '/query', { body: { query: parkedTurns } })) as {
        rows: { service_key: string; value_utf8: string }[]
      }
      return rows.map(({ service_key: session, value_utf8 }) => {
        const { parked: reason, since } = JSON.parse(value_utf8) as Parked
        return { session, reason, since: new Date(since) }
      })
    },
  }
}

function isAtLeast([major, minor]: number[], [a, b]: number[]): boolean {
  return major! > a! || (major === a && minor! >= b!)
}
