import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEngine } from '../../../scripts/fleet/start-engine.ts'
import { startPostgres } from '../../../test/start-postgres.ts'
import { redisProgram, startRedis } from '../../../test/start-redis.ts'

export const hasRedis = redisProgram !== undefined

/** What the workers need, each keeping what it acknowledged as it does by its documentation: on the disk, Redis once a second. */
export async function startServices() {
  const folder = mkdtempSync(join(tmpdir(), 'enjamb-fleet-bench-'))
  const postgres = await startPostgres({ durable: true, settings: { max_connections: 200 } })
  const engine = await startEngine(join(folder, 'engine'))
  const redis = redisProgram ? await startRedis('everysec') : undefined
  return {
    folder,
    postgres,
    engine,
    redis,
    async stop() {
      await Promise.all([postgres.stop(), engine.kill(), redis?.stop()])
      rmSync(folder, { recursive: true })
    },
  }
}

export type Services = Awaited<ReturnType<typeof startServices>>
