import { resume } from './agent.ts'
import { startBullMQ } from './start-bullmq.ts'

await startBullMQ(async (asked) => {
  await resume(asked)
  return []
})
