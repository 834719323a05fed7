import { DBOSClient } from '@dbos-inc/dbos-sdk'
import { pollingIntervalMs } from '../asked.ts'
import type { Client, Run } from './client.ts'

export async function connectDBOS({ database, queue }: Run): Promise<Client> {
  const client = await DBOSClient.create({ systemDatabaseUrl: database })
  return {
    async ask(asked) {
      const handle = await client.enqueue({ workflowName: 'ask', workflowID: asked.id, queueName: queue }, asked)
      return (await handle.getResult({ pollingIntervalMs })) as never
    },
    close: () => client.destroy(),
  }
}
