import { ConfigError, checkOptions, type Middleware } from '@enjamb/core'
import { pause } from '../live/pause.ts'
import { callEngine, type EngineSettings } from './call-engine.ts'
import { pacersName } from './messages.ts'
import type { Pace } from './service/pace.ts'

/** Options of {@link fleetPacer}. */
export interface FleetPacerOptions extends Omit<EngineSettings, 'url'> {
  /** What the provider allows one key, over all workers. */
  requestsPerMinute: number
  /** How many may leave at once after a quiet time. Default a tenth of a minute's. */
  burst?: number | undefined
  /** Whose limits these are, where a fleet has several keys. Default `default`. */
  name?: string | undefined
}

/**
 * Spaces the requests of all workers of a fleet as one key's limit allows: each waits for its time, which the engine gives. A
 * pause that the provider asks for holds all of them back. Within a worker, `createPacer` of `@enjamb/core` may stand behind it, for
 * limits on tokens.
 *
 * @param ingressUrl of the engine
 * @throws {ConfigError} an option is not usable
 * @throws {FleetError} by a request: the engine cannot be reached
 * @example
 * const pacer = fleetPacer('http://localhost:8080', { requestsPerMinute: 50 })
 * const agent = createAgent({ middleware: [pacer.middleware], store })
 */
export function fleetPacer(ingressUrl: string | URL, options: FleetPacerOptions): { readonly middleware: Middleware } {
  checkOptions('fleetPacer', options, ['requestsPerMinute', 'burst', 'name', 'headers', 'fetch'])
  const { requestsPerMinute, burst = Math.max(1, requestsPerMinute / 10), name = 'default', ...rest } = options
  for (const [option, value] of Object.entries({ requestsPerMinute, burst })) {
    if (!(value > 0)) throw new ConfigError(`${option} must be more than 0.`)
  }
  const settings = { ...rest, url: String(ingressUrl).replace(/\/+$/, '') }
  // Clocks do not run quite alike.
  const pace: Pace = { perMinute: requestsPerMinute * 0.98, burst }
  const ask = (handler: string, body: object, signal: AbortSignal) =>
    callEngine(settings, `/${pacersName}/${encodeURIComponent(name)}/${handler}`, { body, signal })
  return {
    async middleware(request, next) {
      const { signal } = request
      await pause((await ask('take', pace, signal)) as number, signal)
      signal.throwIfAborted()
      const response = await next(request)
      if (response.status === 429) {
        const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
        await ask('hold', { ...pace, ms: (seconds >= 0 ? seconds : 1) * 1_000 }, signal).catch(() => {})
      }
      return response
    },
  }
}
