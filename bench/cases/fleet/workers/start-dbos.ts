import { DBOS } from '@dbos-inc/dbos-sdk'
import { pollingIntervalMs } from '../asked.ts'
import { settings } from './settings.ts'

/**
 * Runs what is registered as workflows. A process takes over what the one before it of the same executor id had begun, as DBOS
 * recommends for several processes without its Conductor.
 */
export async function startDBOS(): Promise<void> {
  DBOS.setConfig({
    name: 'fleet',
    systemDatabaseUrl: settings.database,
    executorID: settings.name,
    applicationVersion: '1',
    logLevel: 'error',
  })
  await DBOS.launch()
  await DBOS.registerQueue(settings.queue, { minPollingIntervalMs: pollingIntervalMs })
  process.send!(0)
}
