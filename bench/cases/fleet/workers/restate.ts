import { startWorker } from '@enjamb/agent/restate'
import { agent } from './agent.ts'
import { settings } from './settings.ts'

const { port } = await startWorker(agent, {
  port: 0,
  host: '127.0.0.1',
  owner: settings.name,
  maxRetryMs: 500,
  logger: () => {},
})
process.send!(port)
