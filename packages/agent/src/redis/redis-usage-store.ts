import { ConfigError, type UsageCounts, type UsageStore } from '@enjamb/core'
import { SessionStoreError } from '../errors/session-store-error.ts'
import { usageScript } from './usage-script.ts'

/** What is used of a client of the package `redis`, which you make, connect and close. */
export interface RedisClient {
  sendCommand(args: string[]): Promise<unknown>
}

/** Options of {@link redisUsageStore}. */
export interface RedisUsageStoreOptions {
  /** What its keys begin with. Default `enjamb`. */
  prefix?: string | undefined
  /** How long a reservation may stay open until it counts as spent, in milliseconds, at the precision of a second. Default 21,600,000: six hours. */
  reservationTtlMs?: number | undefined
}

/**
 * Books in Redis or Valkey, for fleets that reserve thousands of times a second: each step is one script, so that a budget is never
 * exceeded, by however many processes at once.
 *
 * **It is as durable as the server is set up to be.** With `appendonly yes` and `appendfsync always` nothing that was granted is
 * forgotten. With `appendfsync everysec` a crash forgets the last second, and what was spent in it may be spent again; so does a
 * replica that takes over without having heard. Without a file all is forgotten at a restart. Where that must not be, or where
 * what a reply costs is to be entered together with it, take `postgresUsageStore`.
 *
 * @param client of `redis`; of another package by `{ sendCommand: ([name, ...args]) => ioredis.call(name, ...args) }`
 * @throws {ConfigError} an option is not usable
 * @example
 * import { createClient } from 'redis'
 * const meter = createUsageMeter({ store: redisUsageStore(await createClient().connect()), budgets: { default: { usd: 50 } } })
 */
export function redisUsageStore(
  client: RedisClient,
  { prefix = 'enjamb', reservationTtlMs = 21_600_000 }: RedisUsageStoreOptions = {},
): UsageStore {
  if (typeof client?.sendCommand !== 'function') {
    throw new ConfigError('client must be a client of redis: npm install redis')
  }
  if (!prefix || /[{}]/.test(prefix)) throw new ConfigError('prefix must be a name without "{" and "}".')
  if (!(reservationTtlMs > 0)) throw new ConfigError('reservationTtlMs must be more than 0.')
  let known: Promise<unknown> | undefined

  async function run(doing: string, project: string, ...args: string[]): Promise<unknown> {
    // One place of a cluster for all keys of a project, whatever it is called.
    const place = `${prefix}:{${encodeURIComponent(project)}}`
    const keys = ['days', 'models', 'open'].map((name) => `${place}:${name}`)
    try {
      known ??= client.sendCommand(['SCRIPT', 'LOAD', usageScript])
      const hash = String(await known)
      try {
        return await client.sendCommand(['EVALSHA', hash, '3', ...keys, ...args])
      } catch (error) {
        // Another server than the one that was told, or one that was started anew.
        if (!/NOSCRIPT/.test(String(Object(error).message))) throw error
        return await client.sendCommand(['EVAL', usageScript, '3', ...keys, ...args])
      }
    } catch (error) {
      known = undefined
      // Every step may be asked for again: it counts once.
      throw new SessionStoreError(`${doing} (${Object(error).message}). See to Redis, then go on.`, {
        cause: error,
        outcome: 'unknown',
      })
    }
  }

  return {
    async reserve({ id, project, model, day, nanoUsd, origin }, cap) {
      const value = JSON.stringify({ model, day, nanoUsd: String(nanoUsd), ...(origin && { origin }) })
      const limits = cap ? [cap.since, cap.until, String(cap.nanoUsd)] : ['', '', '']
      const [granted, used] = (await run('Money could not be set aside', project, 'reserve', id, ...limits, value)) as [
        number,
        string,
      ]
      return { granted: granted === 1, usedNanoUsd: Number(used) }
    },
    async settle({ id, project }, counts, { since, until }) {
      const doing = 'What a call has cost could not be entered'
      const sums = counts ? JSON.stringify(countNames.map((name) => String(counts[name]))) : ''
      return Number(await run(doing, project, 'settle', id, since, until, sums))
    },
    async read(project, { since, until }) {
      const ttl = String(reservationTtlMs / 1_000)
      const answer = await run('The usage could not be read', project, 'read', since, until, ttl)
      const [reserved, pairs] = answer as [string, string[]]
      const models = new Map<string, UsageCounts>()
      for (let at = 0; at < pairs.length; at += 2) {
        const [day, model, name] = JSON.parse(pairs[at]!) as [string, string, keyof UsageCounts]
        if (day < since || day > until) continue
        const counts = models.get(model) ?? { ...nothing }
        counts[name] += Number(pairs[at + 1])
        models.set(model, counts)
      }
      return {
        reservedNanoUsd: Number(reserved),
        models: [...models].map(([model, counts]) => ({ model, ...counts })),
      }
    },
  }
}

const nothing: UsageCounts = {
  calls: 0,
  unpricedCalls: 0,
  inputTokens: 0,
  outputTokens: 0,
  cacheWriteTokens: 0,
  cacheReadTokens: 0,
  nanoUsd: 0,
}

/** In the order that the script has them in. */
const countNames = Object.keys(nothing) as (keyof UsageCounts)[]
