import { createAgent, type ResumeOptions, resumeTurn } from '@enjamb/agent'
import { postgresStore } from '@enjamb/agent/postgres'
import { proxyActivities } from '@temporalio/workflow'
import { Pool } from 'pg'

type Prompt = NonNullable<ResumeOptions['prompt']>

/** In the worker: an activity, which is called at least once. */
export function createActivities(databaseUrl: string) {
  const agent = createAgent({ model: 'haiku', store: postgresStore(new Pool({ connectionString: databaseUrl })) })
  return {
    async turn(session: string, prompt: Prompt) {
      const result = await resumeTurn(agent, session, { prompt, busyMs: 60_000 })
      return { status: result?.status, text: result?.text }
    },
  }
}

/** In the workflow, which has nothing of the session to replay: a workflow for each prompt, its id that of the prompt. */
export async function ask(session: string, prompt: Prompt) {
  const { turn } = proxyActivities<ReturnType<typeof createActivities>>({
    startToCloseTimeout: '1 hour',
    retry: { maximumAttempts: 20, nonRetryableErrorTypes: ['InvalidRequestError', 'ConfigError'] },
  })
  return turn(session, prompt)
}
