import { Worker } from 'bullmq'
import { Redis } from 'ioredis'
import type { Asked } from '../asked.ts'
import { settings } from './settings.ts'

/** Works on a queue, with the settings of the recipe: a job of a dead worker is noticed within seconds, not half a minute. */
export async function startBullMQ(turn: (asked: Asked) => Promise<unknown>): Promise<void> {
  const connection = new Redis({ path: settings.redis, maxRetriesPerRequest: null })
  const times = { lockDuration: 5_000, stalledInterval: 2_000, maxStalledCount: 20 }
  const worker = new Worker<Asked>(settings.queue, ({ data }) => turn(data), { connection, concurrency: 20, ...times })
  // As its guide asks for: what goes wrong is seen by what becomes of the jobs.
  worker.on('error', () => {})
  await worker.waitUntilReady()
  process.send!(0)
}
