import { Queue, QueueEvents } from 'bullmq'
import { Redis } from 'ioredis'
import type { Asked } from '../asked.ts'
import type { Client, Run } from './client.ts'

export async function connectBullMQ({ redis, queue: name }: Run): Promise<Client> {
  const connection = new Redis({ path: redis, maxRetriesPerRequest: null })
  const queue = new Queue<Asked>(name, { connection })
  const events = new QueueEvents(name, { connection })
  // One listens for each prompt that is waited for.
  queue.setMaxListeners(0)
  await events.waitUntilReady()
  const retried = { attempts: 20, backoff: { type: 'exponential', delay: 100 } }
  return {
    async ask(asked) {
      const job = await queue.add('turn', asked, { jobId: asked.id, ...retried })
      return job.waitUntilFinished(events)
    },
    async close() {
      await Promise.all([queue.close(), events.close()])
      connection.disconnect()
    },
  }
}
