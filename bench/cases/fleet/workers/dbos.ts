import { DBOS } from '@dbos-inc/dbos-sdk'
import { isEnjambError } from '@enjamb/core'
import type { Asked } from '../asked.ts'
import { resume } from './agent.ts'
import { startDBOS } from './start-dbos.ts'

const shouldRetry = (error: unknown) => isEnjambError(error) && error.retryable

DBOS.registerWorkflow(
  async (asked: Asked) => {
    await DBOS.runStep(() => resume(asked), { name: 'turn', retriesAllowed: true, maxAttempts: 20, shouldRetry })
    return []
  },
  { name: 'ask' },
)
await startDBOS()
